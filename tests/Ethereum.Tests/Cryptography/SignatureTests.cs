// Signing, recovering, verifying; and every way in which a signature can be wrong.
using System.Security.Cryptography;
using EventSourced.DevNode;
using EventSourced.Ethereum.Tests.Differential;
using EventSourced.Testing;

namespace EventSourced.Ethereum.Tests.Cryptography;

public sealed class SignatureTests
{
    private static readonly UInt256 Order = UInt256.Parse(
        "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

    [Fact]
    public void What_was_signed_is_recovered_and_verified_and_nothing_else_is() => Seed.Run(random =>
    {
        for (var round = 0; round < 200; round++)
        {
            using var key = SigningKey.Generate();
            var hash = new Hash32(RandomAbi.Bytes(random, 32));
            var signature = key.Sign(hash);
            Assert.Equal(signature, key.Sign(hash));
            Assert.True(signature.TryRecover(hash, out var signer, out var fault), $"{fault}");
            Assert.Equal(key.Address, signer);
            Assert.True(signature.TryRecoverPublicKey(hash, out var publicKey));
            Assert.Equal(key.PublicKey, publicKey);
            Assert.True(signature.Verify(hash, key.PublicKey) && signature.Verify(hash, key.CompressedPublicKey()));
            var other = new Hash32(RandomAbi.Bytes(random, 32));
            Assert.False(signature.Verify(other, key.PublicKey));
            Assert.False(signature.TryRecover(other, out signer, out _) && signer == key.Address);
            Assert.True(Signature.TryParse(signature.ToBytes(), out var read, out _));
            Assert.Equal(signature, read);
        }
    });

    [Fact]
    public void A_high_s_is_refused()
    {
        var (hash, signature) = Signed();
        var malleated = signature with
        {
            S = Hash32.FromUInt256(Order - signature.S.ToUInt256()),
            YParity = (byte)(1 - signature.YParity),
        };
        Assert.False(malleated.TryRecover(hash, out _, out var fault));
        Assert.Equal(SignatureFault.HighS, fault);
        Assert.False(Signature.TryParse(malleated.ToBytes(), out _, out fault));
        Assert.Equal(SignatureFault.HighS, fault);
        using var key = SigningKey.Parse(AnvilNode.RichKey);
        Assert.False(malleated.Verify(hash, key.PublicKey));
    }

    [Fact]
    public void Zero_and_overlarge_parts_are_refused()
    {
        var (hash, signature) = Signed();
        Refused(signature with { R = default }, SignatureFault.ZeroR);
        Refused(signature with { S = default }, SignatureFault.ZeroS);
        Refused(signature with { R = Hash32.FromUInt256(Order) }, SignatureFault.RTooLarge);
        Refused(signature with { R = Hash32.FromUInt256(UInt256.MaxValue) }, SignatureFault.RTooLarge);
        Refused(signature with { S = Hash32.FromUInt256(UInt256.MaxValue) }, SignatureFault.HighS);
        Refused(signature with { YParity = 2 }, SignatureFault.WrongV);

        void Refused(Signature wrong, SignatureFault expected)
        {
            Assert.False(wrong.TryRecover(hash, out var signer, out var fault));
            Assert.Equal((expected, Address.Zero), (fault, signer));
            Assert.False(wrong.TryRecoverPublicKey(hash, out _));
        }
    }

    [Fact]
    public void Every_v_but_0_1_27_and_28_is_refused()
    {
        var bytes = Signed().Signature.ToBytes();
        for (var v = 0; v < 256; v++)
        {
            bytes[64] = (byte)v;
            var accepted = Signature.TryParse(bytes, out _, out var fault);
            Assert.Equal(v is 0 or 1 or 27 or 28, accepted);
            Assert.Equal(accepted ? SignatureFault.None : SignatureFault.WrongV, fault);
        }
    }

    [Fact]
    public void Every_other_length_is_refused()
    {
        for (var length = 0; length < 130; length++)
        {
            if (length == 65) continue;
            Assert.False(Signature.TryParse(new byte[length], out _, out var fault));
            Assert.Equal(SignatureFault.WrongLength, fault);
        }
    }

    [Fact]
    public void An_r_that_is_on_no_point_of_the_curve_has_no_signer()
    {
        var (hash, signature) = Signed();
        var refused = 0;
        for (var r = 1u; r < 40; r++)
        {
            if (!(signature with { R = Hash32.FromUInt256(r) }).TryRecover(hash, out _, out var fault))
            {
                Assert.Equal(SignatureFault.NoSigner, fault);
                refused++;
            }
        }

        Assert.InRange(refused, 5, 34);
    }

    [Fact]
    public void Random_bytes_are_refused_or_recover_without_harm() => Seed.Run(random =>
    {
        for (var round = 0; round < 10_000; round++)
        {
            var bytes = RandomAbi.Bytes(random, 65);
            bytes[64] = (byte)random.Next(30);
            if (Signature.TryParse(bytes, out var signature, out _)) signature.TryRecover(
                new Hash32(bytes.AsSpan(0, 32)), out _, out _);
        }
    });

    [Fact]
    public void Keys_outside_the_curve_are_refused()
    {
        Assert.Throws<CryptographicException>(() => new SigningKey(new byte[32]));
        Assert.Throws<CryptographicException>(() => new SigningKey(Order.ToBigEndian()));
        Assert.Throws<ArgumentException>(() => new SigningKey(new byte[31]));
        var refused = Assert.Throws<FormatException>(() => SigningKey.Parse("0x1234secret"));
        Assert.DoesNotContain("1234", refused.Message);
        using var last = new SigningKey((Order - UInt256.One).ToBigEndian());
        Assert.Equal("0x80C0dbf239224071c59dD8970ab9d542E3414aB2", last.Address.ToString());
    }

    [Fact]
    public void A_disposed_key_signs_no_more()
    {
        var key = SigningKey.Generate();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Sign(default));
    }

    [Fact]
    public void Personal_messages_hash_as_wallets_do()
    {
        Assert.Equal("0xa1de988600a42c4b4ab089b619297c17d53cffae5d5120d82d8a92d0bb3b78f2",
            SignedMessage.Hash("Hello World").ToString());
        var validator = Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        Assert.Equal(
            Keccak256.Hash([0x19, 0, .. validator.Bytes, 1, 2]), SignedMessage.HashForValidator(validator, [1, 2]));
        using var key = SigningKey.Parse(AnvilNode.RichKey);
        Assert.True(
            key.SignMessage("Hello World").TryRecover(SignedMessage.Hash("Hello World"), out var signer, out _));
        Assert.Equal(key.Address, signer);
        Assert.Equal("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", signer.ToString());
    }

    [Fact]
    public void Keccak_of_nothing_and_of_abc_are_the_known_ones()
    {
        Assert.Equal(
            "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470", Keccak256.Hash([]).ToString());
        Assert.Equal(
            "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45", Keccak256.Hash("abc").ToString());
        Assert.Throws<ArgumentException>(() => Keccak256.Hash([], new byte[31]));
    }

    private static (Hash32 Hash, Signature Signature) Signed()
    {
        using var key = SigningKey.Parse(AnvilNode.RichKey);
        var hash = Keccak256.Hash("a message");
        return (hash, key.Sign(hash));
    }
}
