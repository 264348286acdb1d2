// An offline proof that a thing has a state: the thing's name and state, the path to the state root, and the signed
// checkpoint that states this root. Enters: untrusted bytes. Leaves: the parts, and a verdict under a policy. Always
// holds: a proof that was read is written as the same bytes; the state is the one at the checkpoint, and no later one.
using System.Globalization;
using System.Text;

namespace EventSourced.Transparency;

/// <summary>Proves the state of a thing.</summary>
public sealed class StateProof
{
    private const string Header = "eventsourced/state-proof@v1";
    private const string ThingLine = "thing ";
    private const string StateLine = "state ";
    private const string OtherLine = "other ";

    /// <summary>A proof out of its parts.</summary>
    /// <param name="thing">The thing's name, as <c>task-7</c>.</param>
    /// <param name="state">Its state as canonical JSON.</param>
    /// <param name="others">The other things of its bucket.</param>
    /// <param name="siblings">The siblings, from the bucket's up to the one below the root.</param>
    /// <param name="checkpoint">The head that states the root, with its signatures.</param>
    public StateProof(
        string thing, ReadOnlyMemory<byte> state, IReadOnlyList<StateEntry> others,
        IReadOnlyList<MerkleHash> siblings, SignedCheckpoint checkpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(thing);
        if (thing.Any(char.IsControl)) throw new TransparencyFormatException(
            "a name without control characters", "one with them", "in a state proof");
        (Thing, State, Others, Siblings, Checkpoint) = (thing, state, others, siblings, checkpoint);
    }

    /// <summary>The thing's name.</summary>
    public string Thing { get; }

    /// <summary>Its state as canonical JSON.</summary>
    public ReadOnlyMemory<byte> State { get; }

    /// <summary>The other things of its bucket.</summary>
    public IReadOnlyList<StateEntry> Others { get; }

    /// <summary>The siblings, from the bucket's up to the one below the root.</summary>
    public IReadOnlyList<MerkleHash> Siblings { get; }

    /// <summary>The head with its signatures.</summary>
    public SignedCheckpoint Checkpoint { get; }

    /// <summary>Reads a proof.</summary>
    public static StateProof Parse(ReadOnlySpan<byte> proof)
    {
        Strict.Text(proof, TransparencyLimits.StateProofBytes, "a state proof");
        var lines = new LineReader(proof, "the state proof");
        var header = lines.Next(Header);
        if (!header.SequenceEqual(Encoding.ASCII.GetBytes(Header))) throw Strict.Fault(Header, header, lines.Where);
        var thing = Encoding.UTF8.GetString(After(ThingLine, lines.Next("a thing"), lines.Where));
        if (thing.Length == 0) throw new TransparencyFormatException("a name", "nothing", lines.Where);
        var state = Strict.Base64Bytes(
            After(StateLine, lines.Next("a state"), lines.Where), TransparencyLimits.StateBytes, "a state",
            lines.Where);
        var others = new List<StateEntry>();
        var siblings = new List<MerkleHash>(StateTree.Levels);
        var line = lines.Next("another thing or a hash");
        for (; line.StartsWith(Encoding.ASCII.GetBytes(OtherLine)); line = lines.Next("another thing or a hash"))
        {
            if (others.Count == TransparencyLimits.StateOthers) throw new TransparencyFormatException(
                $"at most {TransparencyLimits.StateOthers} other things", "more", lines.Where);
            var pair = line[OtherLine.Length..];
            var blank = pair.IndexOf((byte)' ');
            if (blank < 0) throw Strict.Fault("two hashes", pair, lines.Where);
            others.Add(new StateEntry(
                MerkleHash.Parse(pair[..blank], lines.Where), MerkleHash.Parse(pair[(blank + 1)..], lines.Where)));
        }

        for (; !line.IsEmpty; line = lines.Next("a hash or an empty line"))
        {
            if (siblings.Count == StateTree.Levels) throw new TransparencyFormatException(
                $"{StateTree.Levels} hashes and an empty line", "more", lines.Where);
            siblings.Add(MerkleHash.Parse(line, lines.Where));
        }

        return new StateProof(thing, state, others, siblings, SignedCheckpoint.Parse(lines.Rest));
    }

    /// <summary>Whether the policy's log states that the thing has this state.</summary>
    public CheckpointVerdict Judge(TrustPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var verdict = policy.Judge(Checkpoint);
        if (!verdict.Holds) return verdict;
        if (Checkpoint.Checkpoint.StateRoot is not { } root) return new CheckpointVerdict(
            [], "expected a checkpoint that states the root of all states, found none");
        return Holds
            ? verdict
            : new CheckpointVerdict([], $"expected a way from {Thing} to the state root {root}, found another");
    }

    /// <summary>Whether the path leads to the root that the checkpoint states, whatever key signed it.</summary>
    public bool Holds => Checkpoint.Checkpoint.StateRoot is { } root && StateTree.RootOf(
        [new StateEntry(StateTree.KeyOf(Thing), StateTree.HashOf(State.Span)), .. Others], Siblings) == root;

    /// <summary>The text.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(Header).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"{ThingLine}{Thing}\n");
        text.Append(CultureInfo.InvariantCulture, $"{StateLine}{Convert.ToBase64String(State.Span)}\n");
        foreach (var (key, state) in Others)
            text.Append(CultureInfo.InvariantCulture, $"{OtherLine}{key} {state}\n");
        HashLines.Write(text, Siblings);
        return text.Append(Checkpoint).ToString();
    }

    private static ReadOnlySpan<byte> After(string name, ReadOnlySpan<byte> line, string where) =>
        line.StartsWith(Encoding.ASCII.GetBytes(name))
            ? line[name.Length..]
            : throw Strict.Fault($"a line that begins with '{name}'", line, where);
}
