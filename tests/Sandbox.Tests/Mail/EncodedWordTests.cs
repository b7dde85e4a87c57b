namespace Sandbox.Tests;

public sealed class EncodedWordTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("=?utf-8?B?5L2g5aW9?=", "你好")]
    [InlineData("=?UTF-8?q?caf=C3=A9_au_lait?=", "café au lait")]
    [InlineData("=?ISO-8859-1?Q?a?= b", "a b")] // the examples of RFC 2047 §8
    [InlineData("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab")]
    [InlineData("=?ISO-8859-1?Q?a?=    =?ISO-8859-1?Q?b?=", "ab")]
    [InlineData("=?ISO-8859-1?Q?a_b?=", "a b")]
    [InlineData("=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=", "a b")]
    [InlineData("before =?utf-8?Q?=C3=A9?= after", "before é after")]
    [InlineData("=?gb2312?B?xOO6ww==?=", "你好")]
    [InlineData("=?utf-8*zh?B?5L2g5aW9?=", "你好")]
    [InlineData("=?utf-8?B?5L2g5Q==?= =?utf-8?B?pb0=?=", "你好")] // a character cut in two
    [InlineData("=?no-such-charset?Q?a?=", "a")]
    [InlineData("=?utf-8?X?a?=", "=?utf-8?X?a?=")]
    [InlineData("=?utf-8?B?", "=?utf-8?B?")]
    public void Decodes(string field, string text) => EncodedWord.Decode(field).ShouldBe(text);
}
