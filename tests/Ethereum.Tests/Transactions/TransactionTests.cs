// Transactions: EIP-155's own example, unprotected ones, and raw bytes that no node would accept.
using EventSourced.Ethereum.Rlp;
using EventSourced.Ethereum.Transactions;

namespace EventSourced.Ethereum.Tests.Transactions;

public sealed class TransactionTests
{
    private const string Eip155 =
        "0xf86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025a028ef61340bd939bc2195fe537567866003e1a15d" +
        "3c71ff63e1590620aa636276a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83";

    [Fact]
    public void The_example_of_EIP_155_is_signed_to_the_byte()
    {
        using var key = SigningKey.Parse("0x4646464646464646464646464646464646464646464646464646464646464646");
        var transaction = new Transaction.Legacy(1, 20_000_000_000ul)
        {
            Nonce = 9,
            GasLimit = 21_000,
            To = Address.Parse("0x3535353535353535353535353535353535353535"),
            Value = 1_000_000_000_000_000_000ul,
        };
        Assert.Equal("0xdaf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53", transaction.SigningHash.ToString());
        var signed = transaction.Sign(key);
        Assert.Equal(Eip155, Hex.ToText(signed.Encode()));
        Assert.Equal(signed, SignedTransaction.Decode(Hex.ToBytes(Eip155)));
        Assert.Equal(signed.GetHashCode(), SignedTransaction.Decode(Hex.ToBytes(Eip155)).GetHashCode());
        Assert.Equal("0x33469b22e9f636356c4160a87eb19df52b7412e8eac32a4a55ffe88ea8350788", signed.Hash.ToString());
    }

    [Fact]
    public void An_unprotected_transaction_is_read_and_its_sender_recovered()
    {
        using var key = SigningKey.Generate();
        var signed = new Transaction.Legacy(null, 1u) { To = key.Address }.Sign(key);
        var read = SignedTransaction.Decode(signed.Encode());
        Assert.Null(((Transaction.Legacy)read.Transaction).ChainId);
        Assert.True(read.TryGetSender(out var sender, out _));
        Assert.Equal(key.Address, sender);
    }

    [Fact]
    public void Raw_bytes_that_are_no_transaction_are_refused()
    {
        Assert.Throws<RlpException>(() => SignedTransaction.Decode([]));
        Assert.Throws<RlpException>(() => SignedTransaction.Decode([0x03, 0xc0]));
        Assert.Throws<RlpException>(() => SignedTransaction.Decode([0x02, 0xc0]));
        Assert.Throws<RlpException>(() => SignedTransaction.Decode([0xc0]));
        Assert.Throws<RlpException>(() => SignedTransaction.Decode([.. Hex.ToBytes(Eip155), 0]));
        Assert.Throws<RlpException>(
            () => SignedTransaction.Decode(Hex.ToBytes(Eip155.Replace("8025a0", "8022a0", StringComparison.Ordinal))));
        Assert.Throws<RlpException>(() => SignedTransaction.Decode(new byte[SignedTransaction.MaxLength + 1]));
    }

    [Fact]
    public void Transactions_are_equal_by_content()
    {
        var one = new Transaction.FeeMarket(1, 2u, 3u) { Data = new byte[] { 1 }, Announced = [new AccessListEntry(default, [default])] };
        var two = new Transaction.FeeMarket(1, 2u, 3u) { Data = new byte[] { 1 }, Announced = [new AccessListEntry(default, [default])] };
        Assert.Equal(one, two);
        Assert.Equal(one.GetHashCode(), two.GetHashCode());
        Assert.NotEqual(one, two with { Data = new byte[] { 2 } });
        var list = new Transaction.AccessList(1, 2u) { Announced = [new AccessListEntry(default, [default])] };
        Assert.Equal(list, list with { Announced = [new AccessListEntry(default, [default])] });
        Assert.NotEqual(list, list with { Announced = [] });
        Assert.NotEqual(0, list.GetHashCode() ^ new AccessListEntry(default, [default]).GetHashCode());
    }
}
