// A signer of relayed requests, and the nonce of its next request. Always holds: the nonce is the number of requests
// that were executed, which is what the forwarder's `nonces` answers.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Money;

/// <summary>The aggregate of one signer of relayed requests.</summary>
public static class ForwarderSigners
{
    // Events

    /// <summary>Routes executed requests to their signer.</summary>
    public static Fold<Address, State> Fold { get; } = new Fold<Address, State>("forwarder-signer", Evolve)
        .On<ExecutedForwardRequest>(e => e.Signer);

    // State

    /// <summary>A signer of relayed requests.</summary>
    /// <param name="Signer">The signer's address.</param>
    /// <param name="Nonce">The nonce of its next request.</param>
    /// <param name="Failed">The number of its requests that reverted at their target.</param>
    /// <param name="LastAt">The time at which a request of it was last executed.</param>
    public sealed record State(Address Signer, UInt128 Nonce, ulong Failed, Instant LastAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        // The forwarder announces a request after its call. When the call relays the signer's next request, the log of
        // the later nonce stands first. So the nonces of a signer have no gaps, but no order can be demanded of their
        // logs.
        (null, ExecutedForwardRequest e) => new State(e.Signer, 1, e.Success ? 0UL : 1UL, at.Time),
        (_, ExecutedForwardRequest e) =>
            state with { Nonce = state.Nonce + 1, Failed = state.Failed + (e.Success ? 0UL : 1UL), LastAt = at.Time },
        _ => null,
    };

    // Commands

    /// <summary>Relays a signed request.</summary>
    public sealed record Execute(Address By, UInt128 Nonce, Instant Deadline) : Command(By);

    // Decide

    /// <summary>
    /// Predicts the forwarder's answer to a request at a moment, as far as the signer alone decides it.
    /// </summary>
    public static Decision Decide(State? signer, Command command, Instant now) => (signer, command) switch
    {
        (_, Execute c) when c.Deadline < now =>
            Decision.Refuse("ERC2771ForwarderExpiredRequest", $"a deadline from {now}", $"{c.Deadline}"),
        // The nonce is part of the signed text: with another nonce, another signer is recovered.
        (_, Execute c) => (signer?.Nonce ?? 0) is var next && next != c.Nonce
            ? Decision.Refuse("ERC2771ForwarderInvalidSigner", $"nonce {next}", $"nonce {c.Nonce}")
            : Decision.Grant,
        _ => throw new ArgumentException(
            $"expected a request to relay, found {command.GetType().Name}", nameof(command)),
    };
}
