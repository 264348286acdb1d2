// Reads a policy file (C2SP tlog-policy, syntax and structure): lines of log, witness, group and quorum. Enters: the
// bytes of an operator's file. Leaves: the policy. Always holds: a name is defined before it is used, and belongs to at
// most one group.
using System.Globalization;
using System.Text;

namespace EventSourced.Transparency;

internal sealed class PolicyReader
{
    private const string None = "none";

    private readonly List<VerifierKey> _logs = [];
    private readonly List<VerifierKey> _witnesses = [];
    private readonly Dictionary<VerifierKey, Uri> _addresses = [];
    private readonly Dictionary<string, Quorum> _names = [];
    private readonly HashSet<string> _used = [];
    private Quorum? _quorum;
    private bool _hasQuorum;

    public TrustPolicy Read(ReadOnlySpan<byte> policy)
    {
        if (policy.Length > TransparencyLimits.PolicyBytes)
            throw new TransparencyFormatException(
                $"a policy of at most {TransparencyLimits.PolicyBytes} bytes", $"{policy.Length}", "in all");
        var lines = new LineReader(policy, "the policy");
        while (!lines.AtEnd)
        {
            var line = lines.Next("a line that ends in a newline");
            CheckOctets(line, lines.Where);
            // Octets above ASCII are opaque: Latin-1 keeps each of them as one character.
            var text = Encoding.Latin1.GetString(line);
            var words = text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && words[0][0] != '#') Add(words, lines.Where);
        }

        return _hasQuorum
            ? new TrustPolicy(_logs, _witnesses, _quorum, _addresses)
            : throw new TransparencyFormatException("one quorum line", "none", "in the policy");
    }

    private static void CheckOctets(ReadOnlySpan<byte> line, string where)
    {
        foreach (var octet in line)
        {
            if ((octet < 0x20 && octet != '\t') || octet == 0x7f)
                throw new TransparencyFormatException("a line without control characters", $"0x{octet:x2}", where);
        }
    }

    private void Add(string[] words, string where)
    {
        switch (words[0])
        {
            case "log" when words.Length is 2 or 3:
                AddKey(_logs, words[1], SignatureType.Ed25519Cosignature, "a log's key of type 0x01 or 0x06", where);
                break;
            case "witness" when words.Length is 3 or 4:
                const string Expected = "a witness's key of type 0x04 or 0x06";
                var key = AddKey(_witnesses, words[2], SignatureType.Ed25519, Expected, where);
                Define(new Quorum(words[1], key, 0, []), where);
                if (words.Length == 4) _addresses.Add(key, Address(words[3], where));
                break;
            case "group" when words.Length >= 4:
                AddGroup(words[1], words[2], words[3..], where);
                break;
            case "quorum" when words.Length == 2:
                if (_hasQuorum) throw new TransparencyFormatException("one quorum line", "a second one", where);
                (_quorum, _hasQuorum) = (words[1] == None ? null : Named(words[1], where), true);
                break;
            default:
                throw Strict.Fault(
                    "log VKEY [URL], witness NAME VKEY [URL], group NAME any|all|K NAME..., or quorum NAME",
                    Encoding.Latin1.GetBytes(string.Join(' ', words)),
                    where);
        }
    }

    private static VerifierKey AddKey(
        List<VerifierKey> keys, string text, SignatureType unfit, string expected, string where)
    {
        // A key's name is UTF-8. The words still hold its octets, one in each character.
        var key = VerifierKey.Parse(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text)));
        if (key.Type == unfit) throw new TransparencyFormatException(expected, $"type 0x{(byte)key.Type:x2}", where);
        if (keys.Any(other => other.PublicKey.Span.SequenceEqual(key.PublicKey.Span)))
            throw new TransparencyFormatException("each public key once", $"that of {key.Name} again", where);
        if (keys.Count == TransparencyLimits.PolicyNames)
            throw new TransparencyFormatException(
                $"at most {TransparencyLimits.PolicyNames} keys of a kind", "more", where);
        keys.Add(key);
        return key;
    }

    private static Uri Address(string text, string where) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new TransparencyFormatException("an http(s) address of a witness", $"'{text}'", where);

    private void AddGroup(string name, string threshold, string[] members, string where)
    {
        var needed = threshold switch
        {
            "any" => 1,
            "all" => members.Length,
            _ => Threshold(threshold, members.Length, where),
        };
        var group = members.Select(member => Named(member, where)).ToList();
        foreach (var member in members)
        {
            if (!_used.Add(member))
                throw new TransparencyFormatException("each name in one group at most", $"'{member}' again", where);
        }

        Define(new Quorum(name, null, needed, group), where);
    }

    private static int Threshold(string text, int most, string where) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1
            && number <= most
            ? number
            : throw new TransparencyFormatException($"any, all, or a number from 1 to {most}", $"'{text}'", where);

    private Quorum Named(string name, string where) =>
        _names.TryGetValue(name, out var found)
            ? found
            : throw new TransparencyFormatException("a name that a line above defines", $"'{name}'", where);

    private void Define(Quorum quorum, string where)
    {
        if (_names.Count == 2 * TransparencyLimits.PolicyNames)
            throw new TransparencyFormatException($"at most {2 * TransparencyLimits.PolicyNames} names", "more", where);
        if (quorum.Name == None || !_names.TryAdd(quorum.Name, quorum))
            throw new TransparencyFormatException("a new name", $"'{quorum.Name}'", where);
    }
}
