// Keys as texts, and what each type of signature covers. ML-DSA-44 has two judges that are not ours: the accumulated
// vector of C2SP's test vectors, and a checkpoint that another implementation signed (filippo.io/torchwood,
// cmd/litewitness/testdata/mldsa.txt).
using System.Buffers.Binary;
using EventSourced.Testing;
using Org.BouncyCastle.Crypto.Digests;

namespace EventSourced.Transparency.Tests;

public class KeyTests
{
    private const string Text = "log.example/events\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    public static TheoryData<SignatureType> Types => [.. Enum.GetValues<SignatureType>()];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_key_survives_its_text_and_verifies_what_it_signed(SignatureType type)
    {
        var secret = SigningKey.NewSecret("a.example/b", type);
        using var key = SigningKey.Parse(secret);
        var read = VerifierKey.Parse(key.Verifier.ToString());
        Assert.True(read == key.Verifier);
        Assert.Equal(read.GetHashCode(), key.Verifier.GetHashCode());
        Assert.Equal(type, read.Type);
        var signature = key.Sign(Text, Keys.Now);
        Assert.Equal(type == SignatureType.Ed25519
            ? null
            : Keys.Now, read.Verify(Text, signature.Signature.Span)?.Seconds);
        Assert.Equal(signature.ToString(), Assert.Single(NoteSignature.ParseLines(Keys.Utf8(signature))).ToString());
        Assert.NotEqual(secret, SigningKey.NewSecret("a.example/b", type));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_flipped_bit_anywhere_in_a_signature_or_a_changed_text_is_noticed(SignatureType type) =>
        Seed.Run(random =>
        {
            using var key = Keys.Of("a.example/b", type);
            var good = key.Sign(Text, Keys.Now).Signature.ToArray();
            for (var round = 0; round < 50; round++)
            {
                var bad = (byte[])good.Clone();
                bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
                Assert.Null(key.Verifier.Verify(Text, bad));
            }

            Assert.Null(key.Verifier.Verify(Text.Replace("\n3\n", "\n4\n", StringComparison.Ordinal), good));
            Assert.Null(key.Verifier.Verify(Text.Replace("events", "other", StringComparison.Ordinal), good));
            Assert.Null(key.Verifier.Verify(Text, good.AsSpan(1)));
            Assert.Null(key.Verifier.Verify(Text, [.. good, 0]));
        });

    [Fact]
    public void A_cosignature_covers_its_time_its_type_and_nothing_but_checkpoints()
    {
        var signature = Keys.Ada.Sign(Text, Keys.Now).Signature.ToArray();
        Assert.Null(Keys.Ada.Verifier.Verify("no checkpoint\n", signature));
        BinaryPrimitives.WriteInt64BigEndian(signature, Keys.Now + 1);
        Assert.Null(Keys.Ada.Verifier.Verify(Text, signature));
        BinaryPrimitives.WriteInt64BigEndian(signature, -1);
        Assert.Null(Keys.Ada.Verifier.Verify(Text, signature));
        Assert.Throws<TransparencyFormatException>(() => Keys.Ada.Sign("no checkpoint\n", Keys.Now));
        Assert.Throws<ArgumentOutOfRangeException>(() => Keys.Ada.Sign(Text));
        Assert.Throws<ArgumentOutOfRangeException>(() => Keys.Ada.Sign(Text, -1));
        // The same key as a log's: its id differs, and its message does.
        var same = new VerifierKey(Keys.Ada.Verifier.Name, SignatureType.Ed25519, Keys.Ada.Verifier.PublicKey.Span);
        Assert.NotEqual(same.Id, Keys.Ada.Verifier.Id);
        Assert.Null(same.Verify(Text, Keys.Ada.Sign(Text, Keys.Now).Signature.Span[8..]));
    }

    [Fact]
    public void MlDsa44_covers_the_cosigners_name_but_no_extension_line()
    {
        var signature = Keys.Cleo.Sign(Text, 0).Signature.Span;
        Assert.Equal(0, Keys.Cleo.Verifier.Verify(Text, signature)?.Seconds);
        Assert.NotNull(Keys.Cleo.Verifier.Verify(Text + "state-root anything\n", signature));
        Assert.False(Keys.Cleo.Verifier.CoversExtensions);
        var renamed = new VerifierKey(
            "witness.example/other", SignatureType.MlDsa44Cosignature, Keys.Cleo.Verifier.PublicKey.Span);
        Assert.Null(renamed.Verify(Text, signature));
    }

    [Fact]
    public void MlDsa44_refuses_names_that_one_byte_cannot_count()
    {
        var origin = new string('o', 255);
        Assert.NotNull(Keys.Cleo.Sign(Text.Replace("log.example/events", origin, StringComparison.Ordinal)));
        Assert.Throws<TransparencyFormatException>(
            () => Keys.Cleo.Sign(Text.Replace("log.example/events", origin + "o", StringComparison.Ordinal)));
        using var longNamed = Keys.Of(new string('n', 256), SignatureType.MlDsa44Cosignature);
        Assert.Throws<TransparencyFormatException>(() => longNamed.Sign(Text));
    }

    [Fact]
    public void MlDsa44_verifies_a_checkpoint_that_another_implementation_signed()
    {
        var key = VerifierKey.Parse(Vector("mldsa-log.vkey").TrimEnd('\n'));
        var signed = SignedCheckpoint.Parse(Keys.Utf8(Vector("mldsa-log.txt")));
        var verdict = signed.Note.Judge([key]);
        Assert.Null(verdict.Refusal);
        Assert.Equal(0, Assert.Single(verdict.Verified).Seconds);
        Assert.Equal(Vector("mldsa-log.txt"), signed.ToString());
    }

    [Fact]
    public void MlDsa44_makes_the_keys_and_signatures_of_the_accumulated_vector()
    {
        // The vector signs without randomness; the library draws some, so this part asks the package itself, key by key
        // as the library reads it.
        var (seeds, all) = (new ShakeDigest(128), new ShakeDigest(128));
        var seed = new byte[32];
        for (var round = 0; round < 100; round++)
        {
            seeds.Output(seed, 0, seed.Length);
            var secret = Org.BouncyCastle.Crypto.Parameters.MLDsaPrivateKeyParameters.FromSeed(
                Org.BouncyCastle.Crypto.Parameters.MLDsaParameters.ml_dsa_44, seed);
            var signer = new Org.BouncyCastle.Crypto.Signers.MLDsaSigner(
                Org.BouncyCastle.Crypto.Parameters.MLDsaParameters.ml_dsa_44, deterministic: true);
            signer.Init(true, secret);
            var signature = signer.GenerateSignature();
            var key = secret.GetPublicKeyEncoded();
            all.BlockUpdate(key, 0, key.Length);
            all.BlockUpdate(signature, 0, signature.Length);
        }

        var result = new byte[32];
        all.OutputFinal(result, 0, result.Length);
        Assert.Equal(
            "d51148e1f9f4fa1a723a6cf42e25f2a99eb5c1b378b3d2dbbd561b1203beeae4", Convert.ToHexStringLower(result));
    }

    [Fact]
    public void An_Ed25519_log_signature_of_the_sigsum_kind_is_verified()
    {
        const string Origin = "sigsum.org/v1/tree/985ea163f5af026723561354f51f2ebcdcf2af809ce254ccfb64aa9aadd80f90";
        const string Note =
            $"{Origin}\n1\nKgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n— {Origin} " +
            "7BKT0gOfNZ1J0So9unY3BZtm2YkPIoNYM/dce0Z2avJDs8dxN6ts9bOSwwrVrbjm6P9K3ZxpK6jJngOG6YvGGzV/lwo=\n";
        var key = new VerifierKey(
            Origin, SignatureType.Ed25519, Convert.FromHexString(
                "52c05edad1bf5feffa81354faae59a655d9a9a1a793ed2f62c39c26c0be2aecd"));
        Assert.Equal(0xec1293d2u, key.Id);
        Assert.True(SignedCheckpoint.Parse(Keys.Utf8(Note)).Note.Judge([key]).Holds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a+530d903a")]
    [InlineData("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==")]
    [InlineData("example.com/foo+530d903a+")]
    [InlineData("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k=")]
    [InlineData("example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    public void What_is_no_verifier_key_is_refused(string key) =>
        Assert.Throws<TransparencyFormatException>(() => VerifierKey.Parse(key));

    [Fact]
    public void A_secret_that_is_refused_is_not_shown()
    {
        var secret = SigningKey.NewSecret("a.example", SignatureType.Ed25519);
        // The seed is Base64, which may hold a plus of its own.
        var seed = secret.Split('+', 5)[4];
        var id = secret.Split('+')[3];
        foreach (var wrong in new[]
        {
            secret.Replace("PRIVATE", "PUBLIC", StringComparison.Ordinal),
            secret.Replace("a.example", "b.example", StringComparison.Ordinal),
            secret.Replace($"+{id}+", "+0+", StringComparison.Ordinal),
            secret + "AAAA",
        })
        {
            var refused = Assert.Throws<TransparencyFormatException>(() => SigningKey.Parse(wrong));
            Assert.DoesNotContain(seed[..8], refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Keys_differ_by_name_type_and_bytes()
    {
        var key = Keys.Log.Verifier;
        Assert.True(key != Keys.Ada.Verifier);
        Assert.False(key.Equals((object?)null));
        Assert.False(key == new VerifierKey("other", key.Type, key.PublicKey.Span));
        Assert.True(key.CoversExtensions);
    }

    private static string Vector(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "vectors", name));
}
