// A command that its sender has signed, one way or the other: a request of ERC-2771, or a transaction of its own.
// Enters: JSON, or bytes of a transaction. Leaves: the call with its arguments, read by our own strict decoders, or the
// problem. Always holds: chain, forwarder, contract and function are the ones that the command names; the call is the
// canonical encoding of its arguments.
using System.Text.Json;
using EventSourced.Api.Commands.Catalog;
using EventSourced.Api.Commands.Limits;
using EventSourced.Chain.Encoding;
using EventSourced.Chain.Signing;
using EventSourced.Commands;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.Api.Commands.Checks;

/// <summary>A signed command.</summary>
/// <param name="Entry">Its line in the table.</param>
/// <param name="Sender">The address that claims to have signed it.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Payload">The payload that goes to the chain.</param>
internal sealed record SignedWish(
    CommandEntry Entry, Address Sender, IReadOnlyList<AbiValue> Arguments, Payload Payload)
{
    private const ulong LeastGas = 21_000;
    private const ulong MostDeadline = (1UL << 48) - 1;

    /// <summary>The hash of what was sent: equal requests have equal ones.</summary>
    public Hash32 BodyHash => Keccak256.Hash([.. Keccak256.Hash(Entry.Name).Bytes, .. Payload.Encode()]);

    /// <summary>Reads a request of ERC-2771 with its signature.</summary>
    public static bool TryRead(
        JsonElement body, CommandEntry entry, Economy economy, out SignedWish? wish, out Problem? problem)
    {
        wish = null;
        if (!entry.Contract.TakesForwarded)
        {
            problem = new Problem(422, "NotRelayed",
                $"a contract that takes requests from the forwarder, or a transaction of the sender's own",
                entry.Contract.Name);
            return false;
        }

        var outer = new Members(
            body, "", "mode", "command", "idempotencyKey", "chainId", "forwarder", "request", "signature");
        var (chain, forwarder, signature) = (
            outer.Number("chainId"), outer.Address("forwarder"), outer.Bytes("signature"));
        var inner = new Members(
            outer.Json("request"), "request", "from", "to", "value", "gas", "nonce", "deadline", "data");
        problem = outer.Problem;
        if (problem is not null) return false;
        var (from, to, value, data) = (
            inner.Address("from"), inner.Address("to"), inner.Number("value"), inner.Bytes("data"));
        var (gas, nonce, deadline) = (inner.Number("gas"), inner.Number("nonce"), inner.Number("deadline"));
        problem = inner.Problem
            ?? OfChain(chain, economy)
            ?? (forwarder == economy.Forwarder
                ? null : Problem.Unsigned("WrongForwarder", $"{economy.Forwarder}", $"{forwarder}"))
            ?? (value == 0 ? null : new Problem(422, "ValueNotRelayed", "value 0", $"{value}"))
            ?? (gas is >= LeastGas && gas <= (ulong)LimitTable.Gas.Most
                ? null : OutOf(LimitTable.Gas, $"{LeastGas} to {LimitTable.Gas.Most} gas", $"{gas}"))
            ?? (deadline <= MostDeadline
                ? null : Problem.Malformed("request.deadline", "seconds since 1970, a uint48", $"{deadline}"));
        if (problem is not null
            || !TryArguments(entry, to, data, economy, out var arguments, out problem)) return false;
        wish = new SignedWish(
            entry, from, arguments,
            new Payload.Forward(forwarder, new ForwardRequest(from, to, gas, nonce, deadline, data), signature));
        return true;
    }

    /// <summary>Reads a signed transaction.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> raw, Economy economy, out SignedWish? wish, out Problem? problem)
    {
        (wish, problem) = (null, null);
        if (!SignedTransaction.TryParse(raw, out var read, out var fault, out var signatureFault)
            || read is not { } transaction)
        {
            problem = fault == TransactionFault.WrongSignature
                ? SignatureCheck.Named(signatureFault)
                : new Problem(400, $"Transaction{fault}",
                    "a signed transaction of EIP-1559, in its canonical encoding, to a contract", $"{fault}");
            return false;
        }

        problem = OfChain(transaction.ChainId, economy);
        if (problem is not null) return false;
        var contract = economy.NameOf(transaction.To);
        var selector = transaction.Data.Length >= 4 ? transaction.Data.Span[..4] : default;
        var entry = contract is null || selector.IsEmpty
            ? null
            : CommandTable.Find(contract, System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(selector));
        if (entry is null)
        {
            problem = new Problem(422, "UnknownCommand", "a call that is a command: see GET /v1/commands",
                $"{Hex.ToText(selector)} of {contract ?? "another contract"}");
            return false;
        }

        problem = transaction.Value.IsZero
            ? null : new Problem(422, "ValueNotRelayed", "value 0", $"{transaction.Value}");
        if (problem is not null
            || !TryArguments(
                entry, transaction.To, transaction.Data, economy, out var arguments, out problem)) return false;
        wish = new SignedWish(
            entry, transaction.Signer, arguments, new Payload.Raw(transaction.Signer, transaction.Nonce, raw));
        return true;
    }

    private static bool TryArguments(
        CommandEntry entry, Address to, ReadOnlyMemory<byte> data, Economy economy,
        out IReadOnlyList<AbiValue> arguments, out Problem? problem)
    {
        arguments = [];
        problem = null;
        var (function, expected) = (entry.Function, economy[entry.Contract.Name]);
        if (to != expected) problem = Problem.Unsigned("WrongContract", $"{entry.Contract.Name} at {expected}",
            $"{economy.NameOf(to) ?? "another contract"} at {to}");
        else if (data.Length > LimitTable.Data.Most) problem = OutOf(
            LimitTable.Data, $"at most {LimitTable.Data.Most} bytes", $"{data.Length}");
        else if (data.Length < 4 || !data.Span[..4].SequenceEqual(function.Hash.Bytes[..4]))
            problem = Problem.Unsigned("WrongFunction",
                $"{Hex.ToText(function.Hash.Bytes[..4])} of {function.Canonical}",
                Hex.ToText(data.Span[..Math.Min(4, data.Length)]));
        if (problem is not null) return false;
        try
        {
            arguments = function.DecodeCall(data.Span);
            if (function.EncodeCall(arguments).AsSpan().SequenceEqual(data.Span)) return true;
            problem = Problem.Malformed(
                "request.data", "the canonical encoding of its arguments", "another one", "NonCanonicalCall");
        }
        catch (AbiException broken)
        {
            problem = Problem.Malformed("request.data", broken.Expected, broken.Found, "WrongCall");
        }

        return false;
    }

    private static Problem? OfChain(ulong chain, Economy economy) =>
        chain == economy.ChainId ? null : Problem.Unsigned("WrongChain", $"chain {economy.ChainId}", $"chain {chain}");

    private static Problem OutOf(Limit limit, string expected, string found) =>
        new(limit.Status, limit.Code, expected, found) { Limit = limit.Name };
}
