// A client's rating of an agent: kept word by word, shown, never scored. Its stream holds the rating, its withdrawal
// and the answers to it. Always holds: a rating is taken back at most once and stays readable.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.People;

/// <summary>The aggregate of one rating.</summary>
public static class Feedbacks
{
    // Events

    /// <summary>Routes the registry's events to a rating.</summary>
    public static Fold<string, State> Fold { get; } = new Fold<string, State>("feedback", Evolve)
        .On<NewFeedback>(e => KeyOf(e.AgentId, e.ClientAddress, e.FeedbackIndex))
        .On<FeedbackRevoked>(e => KeyOf(e.AgentId, e.ClientAddress, e.FeedbackIndex))
        .On<ResponseAppended>(e => KeyOf(e.AgentId, e.ClientAddress, e.FeedbackIndex));

    /// <summary>The key: agent, client and the rating's number among this client's.</summary>
    public static string KeyOf(ulong agentId, Address client, ulong index) => $"{agentId}-{client}-{index}";

    // State

    /// <summary>A client's rating of an agent.</summary>
    /// <param name="Key">The agent, the client and the rating's number, joined.</param>
    /// <param name="AgentId">The rated agent.</param>
    /// <param name="Client">The client that rates.</param>
    /// <param name="FeedbackIndex">The rating's number among this client's ratings of the agent, from 1.</param>
    /// <param name="Value">The value, in units of 10^-decimals.</param>
    /// <param name="ValueDecimals">The number of decimals of the value.</param>
    /// <param name="Tag1">The first tag.</param>
    /// <param name="Tag2">The second tag.</param>
    /// <param name="Endpoint">The endpoint that the client used, by its own word.</param>
    /// <param name="Uri">The place of the full text.</param>
    /// <param name="Hash">The hash of the full text.</param>
    /// <param name="IsRevoked">Whether the client took the rating back.</param>
    /// <param name="Responses">The number of answers that it has.</param>
    /// <param name="GivenAt">The time at which the rating was given.</param>
    /// <param name="RevokedAt">The time at which the rating was taken back; 0: it stands.</param>
    public sealed record State(
        string Key,
        ulong AgentId,
        Address Client,
        ulong FeedbackIndex,
        Int128 Value,
        byte ValueDecimals,
        string Tag1,
        string Tag2,
        string Endpoint,
        string Uri,
        Word Hash,
        bool IsRevoked,
        ulong Responses,
        Instant GivenAt,
        Instant RevokedAt);

    // Evolve

    private const byte MostDecimals = 18;

    private static Int128 Largest { get; } = Int128.Parse("100000000000000000000000000000000000000");

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, NewFeedback { FeedbackIndex: > 0, ValueDecimals: <= MostDecimals } e)
            when IsInBounds(e.Value) => new State(
            KeyOf(e.AgentId, e.ClientAddress, e.FeedbackIndex), e.AgentId, e.ClientAddress, e.FeedbackIndex, e.Value,
            e.ValueDecimals, e.Tag1, e.Tag2, e.Endpoint, e.FeedbackURI, e.FeedbackHash, false, 0, at.Time, default),
        ({ IsRevoked: false }, FeedbackRevoked) => state with { IsRevoked = true, RevokedAt = at.Time },
        (not null, ResponseAppended) => state with { Responses = state.Responses + 1 },
        _ => null,
    };

    private static bool IsInBounds(Int128 value) => value >= -Largest && value <= Largest;

    // Commands

    /// <summary>Rates an agent.</summary>
    /// <param name="By">The client that rates.</param>
    /// <param name="AgentId">The rated agent.</param>
    /// <param name="Value">The value.</param>
    /// <param name="ValueDecimals">The number of decimals of the value.</param>
    /// <param name="ActsForAgent">Whether the signer may act for the agent, as <see cref="Agents.MayAct"/>
    /// says.</param>
    public sealed record GiveFeedback(Address By, ulong AgentId, Int128 Value, byte ValueDecimals, bool ActsForAgent)
        : Command(By);

    /// <summary>Takes a rating back.</summary>
    public sealed record RevokeFeedback(Address By, ulong AgentId, ulong FeedbackIndex) : Command(By);

    /// <summary>Answers a rating.</summary>
    public sealed record AppendResponse(Address By, ulong AgentId, Address Client, ulong FeedbackIndex) : Command(By);

    // Decide

    /// <summary>
    /// Predicts the registry's answer to a command about a rating; null: there is no rating of that number yet.
    /// </summary>
    public static Decision Decide(State? feedback, Command command) => (feedback, command) switch
    {
        (_, GiveFeedback { ActsForAgent: true } c) =>
            Decision.Refuse("SelfFeedback", "somebody who does not act for the agent", $"{c.By}"),
        (_, GiveFeedback { ValueDecimals: > MostDecimals } c) =>
            Decision.Refuse("TooManyDecimals", $"at most {MostDecimals}", $"{c.ValueDecimals}"),
        (_, GiveFeedback c) => IsInBounds(c.Value)
            ? Decision.Grant : Decision.Refuse("ValueTooLarge", $"at most {Largest} either way", $"{c.Value}"),
        (null, RevokeFeedback c) =>
            Decision.Refuse("UnknownFeedback", "a rating of the signer of that number", $"{c.FeedbackIndex}"),
        (null, AppendResponse c) => Decision.Refuse("UnknownFeedback", "a rating of that number", $"{c.FeedbackIndex}"),
        ({ IsRevoked: true }, RevokeFeedback) =>
            Decision.Refuse("AlreadyRevoked", "a rating that stands", "one that was taken back"),
        (_, RevokeFeedback or AppendResponse) => Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a command about a rating, found {command.GetType().Name}", nameof(command)),
    };
}
