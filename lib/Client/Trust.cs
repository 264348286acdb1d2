// The checks on a text that a server wants signed. Enters: a prepared command and the client's request. Leaves: the
// request or transaction to sign. Always holds: sender, chain, forwarder, contract, function and every argument are
// those that the client asked for; no wei go along; life and cost are within the options' bounds.
using System.Collections.Concurrent;
using System.Globalization;
using EventSourced.Ethereum;

namespace EventSourced.Client;

internal sealed class Trust(Address sender, ClientOptions options)
{
    private const string Forwarder = "forwarder";

    // The deployment names three contracts by their purpose.
    private static readonly Dictionary<string, string> OtherNames = new()
    {
        ["AgentGovernor"] = "governor",
        ["EpochCheckpoints"] = "checkpoints",
    };

    private readonly ConcurrentDictionary<string, Address> _known =
        new(options.Economy?.Contracts ?? new Dictionary<string, Address>(), StringComparer.Ordinal);

    private long _chain = (long)(options.Economy?.ChainId ?? 0);

    public ForwardedRequest Request(Command command, CommandForm form, PreparedRelay relay)
    {
        var given = relay.Request;
        Same("value", "0", given.Value);
        if (given.From != sender) throw new UntrustedAnswerException($"a request of {sender}", $"{given.From}");
        Chain(relay.ChainId);
        Contract(Forwarder, relay.Forwarder);
        var data = Call(command, form, given.To, given.Data);
        var deadline = Number(given.Deadline);
        if (options.LongestLife is { } life
            && (ulong)(DateTimeOffset.UtcNow + life).ToUnixTimeSeconds() is var latest && deadline > latest)
            throw new UntrustedAnswerException($"a deadline until {latest}", $"{deadline}");
        return new ForwardedRequest(
            relay.ChainId, relay.Forwarder, given.From, given.To, Number(given.Gas), Number(given.Nonce), deadline,
            data);
    }

    public OwnTransaction Transaction(Command command, CommandForm form, PreparedTransaction given)
    {
        Same("value", "0x0", given.Value);
        var chain = Quantity(given.ChainId);
        Chain((ulong)chain);
        var transaction = new OwnTransaction(
            (ulong)chain, (ulong)Quantity(given.Nonce), Quantity(given.MaxPriorityFeePerGas),
            Quantity(given.MaxFeePerGas), (ulong)Quantity(given.Gas), given.To,
            Call(command, form, given.To, given.Data));
        return transaction.MostWei <= options.MostWei
            ? transaction
            : throw new UntrustedAnswerException($"a cost of at most {options.MostWei} wei", $"{transaction.MostWei}");
    }

    private byte[] Call(Command command, CommandForm form, Address to, string data)
    {
        Contract(
            OtherNames.GetValueOrDefault(form.Contract)
                ?? char.ToLowerInvariant(form.Contract[0]) + form.Contract[1..], to);
        if (!Hex.TryToBytes(data, out var bytes)) throw new UntrustedAnswerException("a call in hex", "another text");
        form.Check(bytes, command.Arguments);
        return bytes;
    }

    private void Chain(ulong found)
    {
        var known = (ulong)Interlocked.CompareExchange(ref _chain, (long)found, 0);
        if (known != 0 && known != found) throw new UntrustedAnswerException($"chain {known}", $"chain {found}");
    }

    private void Contract(string name, Address found)
    {
        var known = _known.GetOrAdd(name, found);
        if (known != found) throw new UntrustedAnswerException($"{name} at {known}", $"{found}");
    }

    private static void Same(string where, string expected, string found)
    {
        if (expected != found) throw new UntrustedAnswerException($"{where} {expected}", found);
    }

    private static ulong Number(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UntrustedAnswerException("a whole number", text);

    private static UInt256 Quantity(string text) =>
        text.StartsWith("0x", StringComparison.Ordinal) && UInt256.TryParse(text, null, out var number)
            ? number
            : throw new UntrustedAnswerException("a quantity", text);
}
