using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Jose.Tests;

/// <summary>Published attacks on readers of JWTs (RFC 8725 §2), each against a reader that would accept the honest token.</summary>
public sealed class JwtAttackTests
{
    private static readonly ForgedToken Valid = new();

    // RFC 8725 §2.1.
    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("NONE")]
    [InlineData("nOnE")]
    public void Refuses_an_unsigned_token(string none)
    {
        var header = ForgedToken.Encode($$"""{"alg":"{{none}}","typ":"at+jwt","kid":"{{Valid.Key.KeyId}}"}""");

        Refusal($"{header}.{ForgedToken.Encode(Valid.Payload)}.").ShouldBe(JwtRefusal.WrongAlgorithm);
    }

    [Fact]
    public void Refuses_an_unsigned_token_even_when_the_caller_expects_it()
    {
        var header = ForgedToken.Encode($$"""{"alg":"none","typ":"at+jwt","kid":"{{Valid.Key.KeyId}}"}""");
        var careless = Valid with { Expectations = Valid.Expectations with { Algorithms = ["none"] } };

        careless.Read($"{header}.{ForgedToken.Encode(Valid.Payload)}.").Refusal.ShouldBe(JwtRefusal.UnknownKey);
    }

    // RFC 8725 §2.1: the public key, known to everybody, used as the secret of an HMAC, in each of the spellings a reader might hold it in.
    [Theory]
    [InlineData("HS256", "pem")]
    [InlineData("HS256", "der")]
    [InlineData("HS256", "modulus")]
    [InlineData("HS256", "jwk")]
    [InlineData("RS256", "pem")]
    [Trait("Advisory", "CVE-2026-11800")]
    public void Refuses_an_HMAC_under_the_public_key(string algorithm, string spelling)
    {
        var key = SharedKeys.For(Algorithms.RS256);
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(key.ExportPkcs8(), out _);
        var secret = spelling switch
        {
            "pem" => Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()),
            "der" => rsa.ExportSubjectPublicKeyInfo(),
            "modulus" => rsa.ExportParameters(false).Modulus!,
            _ => Jwk(key.PublicKey),
        };
        var careless = Valid with
        {
            Keys = new JwkSet([key.PublicKey]),
            Expectations = Valid.Expectations with { Algorithms = [algorithm, Algorithms.RS256] },
        };
        var header = ForgedToken.Encode($$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"{{key.KeyId}}"}""");
        var input = $"{header}.{ForgedToken.Encode(Valid.Payload)}";
        var mac = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input));

        careless.Read($"{input}.{Base64Url.Encode(mac)}").Refusal
            .ShouldBe(algorithm == "HS256" ? JwtRefusal.UnknownKey : JwtRefusal.BadSignature);
    }

    // A key published for one padding must not verify the other, nor one hash another.
    [Theory]
    [InlineData("RS256", "PS256")]
    [InlineData("PS256", "RS256")]
    [InlineData("RS256", "RS512")]
    public void Refuses_another_algorithm_of_the_same_RSA_key(string published, string used)
    {
        var key = SharedKeys.For(published);
        using var abused = SigningKey.Import(key.ExportPkcs8(), used);
        var careless = Valid with
        {
            Key = abused,
            Keys = new JwkSet([key.PublicKey]),
            Expectations = Valid.Expectations with { Algorithms = [published, used] },
        };

        careless.Read().Refusal.ShouldBe(JwtRefusal.UnknownKey);
    }

    // CVE-2018-0114: the attacker's own key in the header.
    [Fact]
    [Trait("Advisory", "CVE-2018-0114")]
    public void Refuses_the_key_that_the_header_brings_along()
    {
        using var attacker = SigningKey.Create(Algorithms.ES256);
        var jwk = Encoding.UTF8.GetString(Jwk(attacker.PublicKey));
        var forged = Valid with { Key = attacker };

        (forged with { Header = $$"""{"alg":"ES256","typ":"at+jwt","jwk":{{jwk}}}""" }).Read().Refusal.ShouldBe(JwtRefusal.BadSignature);
        (forged with { Header = $$"""{"alg":"ES256","typ":"at+jwt","kid":"{{attacker.KeyId}}","jwk":{{jwk}}}""" }).Read().Refusal
            .ShouldBe(JwtRefusal.UnknownKey);
    }

    // CVE-2022-21449: a signature of zeros, which some curves' arithmetic accepted for every message.
    [Fact]
    [Trait("Advisory", "CVE-2022-21449")]
    public void Refuses_a_signature_of_zeros() => Refusal(WithSignature(new byte[64])).ShouldBe(JwtRefusal.BadSignature);

    [Fact]
    public void Refuses_a_DER_signature()
    {
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = SigningKey.Import(ec.ExportPkcs8PrivateKey(), Algorithms.ES256);
        var token = (Valid with { Key = key }).Write();
        var input = token[..token.LastIndexOf('.')];
        var der = ec.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

        (Valid with { Keys = new JwkSet([key.PublicKey]) }).Read($"{input}.{Base64Url.Encode(der)}").Refusal
            .ShouldBe(JwtRefusal.BadSignature);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(65)]
    [InlineData(256)]
    [InlineData(4096)]
    public void Refuses_a_signature_of_the_wrong_length(int bytes) =>
        Refusal(WithSignature(RandomNumberGenerator.GetBytes(bytes))).ShouldBe(JwtRefusal.BadSignature);

    [Fact]
    public void Refuses_a_single_changed_bit_of_payload_or_signature()
    {
        var parts = Valid.Write().Split('.');
        foreach (var part in new[] { 1, 2 })
        {
            Base64Url.TryDecode(parts[part], out var bytes).ShouldBeTrue();
            for (var bit = 0; bit < bytes.Length * 8; bit += 37)
            {
                var changed = bytes.ToArray();
                changed[bit / 8] ^= (byte)(1 << (bit % 8));
                string[] forged = [.. parts];
                forged[part] = Base64Url.Encode(changed);

                Refusal(string.Join('.', forged)).ShouldBe(JwtRefusal.BadSignature);
            }
        }
    }

    // RFC 7515 §4.1.11, RFC 7797 §6.
    [Theory]
    [InlineData("\"crit\":[\"b64\"],\"b64\":false")]
    [InlineData("\"crit\":[\"exp\"],\"exp\":0")]
    [InlineData("\"crit\":[]")]
    [InlineData("\"crit\":null")]
    [InlineData("\"crit\":\"alg\"")]
    public void Refuses_a_critical_extension(string member) => Header("{", "{" + member + ",").ShouldBe(JwtRefusal.CriticalHeader);

    // RFC 7515 §4: two readers must not see two different headers.
    [Theory]
    [InlineData("\"alg\":\"none\"")]
    [InlineData("\"alg\":\"ES256\"")]
    [InlineData("\"\\u0061lg\":\"none\"")]
    [InlineData("\"kid\":\"another\"")]
    [InlineData("\"typ\":\"JWT\"")]
    [InlineData("\"x\":{\"y\":1,\"y\":2}")]
    public void Refuses_a_doubled_member_in_the_header(string member) => Header("{", "{" + member + ",").ShouldBe(JwtRefusal.BadHeader);

    // RFC 7519 §4.
    [Theory]
    [InlineData("\"sub\":\"admin\"")]
    [InlineData("\"s\\u0075b\":\"admin\"")]
    [InlineData("\"exp\":99999999999")]
    [InlineData("\"x\":[{\"y\":{\"z\":1,\"z\":1}}]")]
    public void Refuses_a_doubled_member_in_the_payload(string member) => Payload("{", "{" + member + ",").ShouldBe(JwtRefusal.BadClaims);

    [Theory]
    [InlineData("\"alg\":\"ES256\",", "")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":null")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":[\"ES256\"]")]
    [InlineData("\"alg\":\"ES256\"", "\"alg\":7")]
    [InlineData("\"typ\":\"at+jwt\"", "\"typ\":{}")]
    [InlineData("\"kid\":\"", "\"kid\":7,\"x\":\"")]
    [InlineData("\"kid\":\"", "\"kid\":null,\"x\":\"")]
    [InlineData("\"kid\":\"", "\"kid\":[\"a\"],\"x\":\"")]
    [InlineData("\"kid\":\"", "\"kid\":\"\\ud800")]
    [InlineData("}", ",}")]
    [InlineData("}", "}{}")]
    [InlineData("{", "[{")]
    [InlineData("{", "{/* */")]
    [InlineData("{", "\uFEFF{")]
    public void Refuses_a_header_of_the_wrong_shape(string old, string replacement) =>
        Header(old, replacement).ShouldBe(JwtRefusal.BadHeader);

    // What a name may do to a reader that looks it up in a file or a database.
    [Theory]
    [InlineData("../../../../dev/null")]
    [InlineData("/dev/null")]
    [InlineData("' OR '1'='1")]
    [InlineData("key\\u0000")]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("https://attacker.example/jwks.json")]
    public void Refuses_a_key_name_that_is_no_name_of_ours(string kid) =>
        (Valid with { Header = $$"""{"alg":"ES256","typ":"at+jwt","kid":"{{kid}}"}""" }).Read().Refusal.ShouldBe(JwtRefusal.UnknownKey);

    [Fact]
    public void Compares_key_names_with_their_case() => Header(Valid.Key.KeyId, Flip(Valid.Key.KeyId)).ShouldBe(JwtRefusal.UnknownKey);

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1")]
    [InlineData("-1e400")]
    [InlineData("1e-400e")]
    [InlineData("99999999999999999999999999999999999999")]
    [InlineData("253402300800")]
    [InlineData("\"1999999999\"")]
    [InlineData("true")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{}")]
    [InlineData("NaN")]
    [InlineData("0x7fffffff")]
    public void Refuses_a_date_that_is_none(string number)
    {
        foreach (var claim in new[] { "exp", "nbf", "iat" })
        {
            var time = ForgedToken.At(claim == "exp" ? 600 : 0);
            Payload($"\"{claim}\":{time}", $"\"{claim}\":{number}").ShouldBe(JwtRefusal.BadClaims);
        }
    }

    [Fact]
    public void Reads_the_last_second_there_is() => Payload($"\"exp\":{ForgedToken.At(600)}", "\"exp\":253402300799").ShouldBeNull();

    [Fact]
    public void Reads_a_number_too_long_to_hold_without_trusting_it() =>
        Payload($"\"exp\":{ForgedToken.At(600)}", "\"exp\":1" + new string('0', 9000)).ShouldBe(JwtRefusal.BadClaims);

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Refuses_endless_depth(char open, char close)
    {
        var nested = open == '['
            ? new string(open, 5000) + new string(close, 5000)
            : string.Concat(Enumerable.Repeat("{\"a\":", 1000)) + "1" + new string(close, 1000);

        Header("{", "{\"x\":" + nested + ",").ShouldBe(JwtRefusal.BadHeader);
        Payload("{", "{\"x\":" + nested + ",").ShouldBe(JwtRefusal.BadClaims);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"sub\"")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"sub\":\"\\ud800\"}")]
    [InlineData("{\"\\ud800\":1}")]
    public void Refuses_a_payload_that_is_no_object(string payload) =>
        (Valid with { Payload = payload }).Read().Refusal.ShouldBe(JwtRefusal.BadClaims);

    [Fact]
    public void Refuses_a_payload_that_is_not_UTF8()
    {
        byte[] broken = [.. "{\"sub\":\""u8, 0xC0, 0x80, .. "\"}"u8];

        Refusal(Valid.Signed(ForgedToken.Encode(Valid.DefaultHeader), Base64Url.Encode(broken))).ShouldBe(JwtRefusal.BadClaims);
    }

    [Fact]
    public void Refuses_every_number_of_parts_but_three()
    {
        var parts = Valid.Write().Split('.');

        foreach (var token in new[]
        {
            "", ".", "..", "...", parts[0], $"{parts[0]}.{parts[1]}", $"{parts[0]}.{parts[1]}.{parts[2]}.",
            $".{parts[0]}.{parts[1]}.{parts[2]}",
            $"{parts[0]}..{parts[1]}.{parts[2]}", $"{parts[0]}.{parts[1]}.{parts[2]}.{parts[2]}.{parts[2]}", $".{parts[1]}.{parts[2]}",
        })
        {
            Refusal(token).ShouldBe(JwtRefusal.NotCompact, token);
        }
    }

    // Two spellings of one token would pass a block list of the other.
    [Theory]
    [InlineData("=")]
    [InlineData("\n")]
    [InlineData(" ")]
    [InlineData("\0")]
    [InlineData("é")]
    [InlineData("\u212A")]
    [InlineData("+")]
    public void Refuses_every_part_with_a_foreign_character(string character)
    {
        for (var part = 0; part < 3; part++)
        {
            var parts = Valid.Write().Split('.');
            parts[part] += character;
            Refusal(string.Join('.', parts)).ShouldBe(JwtRefusal.NotCompact);
        }
    }

    [Fact]
    public void Refuses_a_signature_with_bits_behind_its_last_byte()
    {
        var token = Valid.Write();
        var last = token[^1];

        // 64 bytes leave four unused bits in the last digit; the next digit of the alphabet sets one of them.
        Refusal(token[..^1] + (char)(last + 1)).ShouldBe(JwtRefusal.NotCompact);
    }

    [Fact]
    public void Refuses_a_token_over_16_KiB_before_looking_into_it()
    {
        var filler = new string('x', Jwt.MaxLength);

        Payload("{", "{\"x\":\"" + filler + "\",").ShouldBe(JwtRefusal.TooLong);
    }

    [Fact]
    public void Never_throws_whatever_it_reads()
    {
        var token = Valid.Write();
        for (var at = 0; at < token.Length; at++)
        {
            foreach (var character in "A_.=\"{\uFFFF")
            {
                var reading = Valid.Read(token.Remove(at, 1).Insert(at, character.ToString()));
                (reading.Accepted && token[at] != character).ShouldBeFalse();
            }

            Valid.Read(token[..at]).Accepted.ShouldBeFalse();
        }
    }

    private static JwtRefusal? Refusal(string token) => Valid.Read(token).Refusal;

    private static JwtRefusal? Header(string old, string replacement) =>
        (Valid with { Header = Changed(Valid.DefaultHeader, old, replacement) }).Read().Refusal;

    private static JwtRefusal? Payload(string old, string replacement) =>
        (Valid with { Payload = Changed(Valid.Payload, old, replacement) }).Read().Refusal;

    private static string WithSignature(byte[] signature)
    {
        var token = Valid.Write();
        return token[..(token.LastIndexOf('.') + 1)] + Base64Url.Encode(signature);
    }

    private static string Flip(string text) =>
        string.Concat(text.Select(c => char.IsLower(c) ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)));

    private static string Changed(string text, string old, string replacement)
    {
        text.ShouldContain(old);
        var at = text.IndexOf(old, StringComparison.Ordinal);
        return text.Remove(at, old.Length).Insert(at, replacement);
    }

    private static byte[] Jwk(VerificationKey key)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            key.WriteTo(writer);
        }

        return stream.ToArray();
    }
}
