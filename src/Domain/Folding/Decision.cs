// The write side's words. A command is a wish; deciding it against the folded state gives a refusal, said as a value,
// or the call that will carry the wish to the chain. Only the log that comes back changes a stream.
using EventSourced.Domain.Money;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Folding;

/// <summary>A wish of an agent or a client, by the address that signed it.</summary>
/// <param name="By">The address that signed.</param>
public abstract record Command(Address By);

/// <summary>
/// The reason for which a wish cannot be granted now, in the word that contracts, API and documents share.
/// </summary>
/// <param name="Code">The condition: <c>LeaseExpired</c>.</param>
/// <param name="Expected">The condition that would grant it.</param>
/// <param name="Found">The condition that holds instead.</param>
public sealed record Refusal(string Code, string Expected, string Found)
{
    /// <summary>Expected and found, in one sentence.</summary>
    public override string ToString() => $"{Code}: expected {Expected}, found {Found}";
}

/// <summary>The answer to a wish.</summary>
public abstract record Decision
{
    private Decision()
    {
    }

    /// <summary>As far as the folded state knows, the chain will grant it.</summary>
    public sealed record Granted : Decision;

    /// <summary>The chain would refuse it.</summary>
    /// <param name="Reason">The reason.</param>
    public sealed record Refused(Refusal Reason) : Decision;

    /// <summary>Grants a wish.</summary>
    public static Decision Grant { get; } = new Granted();

    /// <summary>Refuses a wish, with the expected and the found.</summary>
    public static Decision Refuse(string code, string expected, string found) =>
        new Refused(new Refusal(code, expected, found));
}
