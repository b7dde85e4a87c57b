namespace Attacks;

/// <summary>One thing done to one parameter of a request that succeeds without it.</summary>
/// <param name="Name">For the message when a test fails.</param>
/// <param name="Apply">The request, the parameter.</param>
/// <param name="IsMalformed">Never acceptable, whatever the parameter means: it breaks a rule that holds for all of them.</param>
public sealed record Mutation(string Name, Func<Form, string, Form> Apply, bool IsMalformed);

/// <summary>Every wrong way to send a parameter. The list only grows.</summary>
public static class Mutations
{
    // Of the wrong type, or meant for an interpreter behind us: markup, SQL, JSON, paths, templates, numbers, other scripts.
    private static readonly string[] Values =
    [
        "0", "-1", "1e999", "99999999999999999999999999", "true", "null", "undefined", "[]", "{}", "{\"a\":1}", "[\"a\"]",
        "' or '1'='1", "'; drop table people; --", "\" or \"\"=\"", "$1", "%", "%%", "\\", "{{7*7}}", "${7*7}", "@(1+1)", "<script>xss1337()</script>", "\"><img src=x onerror=xss1337()>",
        "../../../../etc/passwd", "..%2f..%2f", "\r\nSet-Cookie: attacked=1", "\n", "\t", " ", "　", "\u200B", "\u202E", "\uFEFF", "İ", "ß", "Ａ", "e\u0301", "🔑", "爱",
        "https://attacker.example/", "//attacker.example", "javascript:xss1337()", "ac_", "rt_", "se_", "ia_", "eyJhbGciOiJub25lIn0.e30.",
    ];

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("missing", (form, name) => form.Without(name), IsMalformed: false),
        new("empty", (form, name) => form.With(name, ""), IsMalformed: false),
        new("doubled", (form, name) => form.And(name, form[name]), IsMalformed: true),
        new("doubled with another value", (form, name) => form.And(name, "x"), IsMalformed: true),
        new("doubled under another spelling", (form, name) => form.AndRaw($"%{(int)name[0]:X2}{name[1..]}=x"), IsMalformed: true),
        new("oversized", (form, name) => form.With(name, new string('x', 3_000)), IsMalformed: false),
        new("not UTF-8", (form, name) => form.Without(name).AndRaw($"{name}=%FF"), IsMalformed: true),
        new("an overlong encoding", (form, name) => form.Without(name).AndRaw($"{name}=%C0%AF"), IsMalformed: true),
        new("half a surrogate pair", (form, name) => form.Without(name).AndRaw($"{name}=%ED%A0%80"), IsMalformed: true),
        new("a zero", (form, name) => form.Without(name).AndRaw($"{name}=a%00b"), IsMalformed: true),
        new("half an escape", (form, name) => form.Without(name).AndRaw($"{name}=a%4"), IsMalformed: true),
        new("as an array", (form, name) => form.Without(name).And(name + "[]", "x"), IsMalformed: false),
        new("as a member", (form, name) => form.Without(name).And($"{name}[x]", "x").And(name + ".x", "x"), IsMalformed: false),
        .. Values.Select(value => new Mutation($"as {value}", (form, name) => form.With(name, value), IsMalformed: false)),
    ];

    public static IEnumerable<(string Name, Form Form, bool IsMalformed)> Of(Form valid) =>
        from name in valid.Names.Distinct()
        from mutation in All
        select ($"{name} {mutation.Name}", mutation.Apply(valid, name), mutation.IsMalformed);
}
