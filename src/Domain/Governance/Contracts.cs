// The contract that serves a name, with its version and hash of the event catalog. Always holds: the answer of the
// directory's `registrationOf`; versions never go back.
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Domain.Governance;

/// <summary>The aggregate of one name of the directory.</summary>
public static class Contracts
{
    // Events

    /// <summary>Routes registrations to a name.</summary>
    public static Fold<Word, State> Fold { get; } = new Fold<Word, State>("contract", Evolve)
        .On<ContractRegistered>(e => e.Name);

    // State

    /// <summary>A name of the directory and the contract that serves it.</summary>
    /// <param name="Key">The name, as the directory keeps it.</param>
    /// <param name="Name">The name.</param>
    /// <param name="Location">The contract's address.</param>
    /// <param name="CatalogVersion">The version of the catalog under which the contract serves.</param>
    /// <param name="CatalogHash">The hash of that catalog.</param>
    /// <param name="Registrations">The number of times the name was registered.</param>
    /// <param name="FirstAt">The time at which the name was first registered.</param>
    /// <param name="RegisteredAt">The time at which this contract was registered.</param>
    public sealed record State(
        Word Key,
        string Name,
        Address Location,
        uint CatalogVersion,
        Word CatalogHash,
        ulong Registrations,
        Instant FirstAt,
        Instant RegisteredAt);

    // Evolve

    private static State? Evolve(State? state, ChainEvent happened, in At at) => (state, happened) switch
    {
        (null, ContractRegistered { CatalogVersion: > 0 } e) => new State(
            e.Name, ShortNames.TextOf(e.Name), e.Location, e.CatalogVersion, e.CatalogHash, 1, at.Time, at.Time),
        (not null, ContractRegistered e) when e.CatalogVersion >= state.CatalogVersion => state with
        {
            Location = e.Location,
            CatalogVersion = e.CatalogVersion,
            CatalogHash = e.CatalogHash,
            Registrations = state.Registrations + 1,
            RegisteredAt = at.Time,
        },
        _ => null,
    };
}
