// The events of a dispute as the court emits them, with the values that the tests of the court share.
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Values;
using static EventSourced.Domain.Tests.Samples;

namespace EventSourced.Domain.Tests.Court;

/// <summary>Sample events of the court.</summary>
internal static class CourtSamples
{
    internal const ulong Start = 1_000_000;
    internal const byte Task = 2;
    internal const byte Stake = 4;

    internal static readonly Sequence<ulong> Panel = [11, 12, 13];
    internal static readonly Sequence<ulong> Larger = [21, 12, 23, 24, 25, 26, 27];

    internal static CourtTerms Bonded { get; } =
        new(Client, false, 0, Hash(1), 120, 30, 100, 600, 600, 700, 800, 2_000, 1_000, 2_500);

    /// <summary>The terms of revision 1.1: no least pledge.</summary>
    internal static CourtTerms Revised { get; } = Bonded with { MinSeat = 0 };

    internal static DisputeOpened Opened(byte kind = 1, byte account = Task, ulong subject = 5, ulong challenger = 0) =>
        new(1, Account(account, subject), challenger, 8, kind, Hash(2), Start + 500);

    internal static RoundStarted Started(
        byte round, byte attempt, ushort size, ulong appellant = 0, ulong seedBlock = 192) =>
        new(1, round, attempt, appellant, size, (ushort)(size / 2 + 1), seedBlock, Start + 5_000);

    internal static PanelDrawn Drawn(byte round, byte attempt, Sequence<ulong> verifiers) =>
        new(1, round, attempt, Hash(3), verifiers, Start + 6_000, Start + 7_000);

    internal static RoundResolved Resolved(
        byte round, byte attempt, byte ruling, byte outcome, ulong appealEnd = Start + 8_000) =>
        new(1, round, attempt, ruling, outcome, appealEnd);

    internal static SmallChain Pool(params ulong[] verifiers)
    {
        var chain = SmallChain.Whole(Start);
        uint slot = 0;
        foreach (var verifier in verifiers)
            chain.Happens(new VerifierJoined(Hash(9), verifier, Hash(8)),
                new VerifierWeightSet(Hash(9), verifier, slot++, new UInt256(0, 50), Start));
        return chain;
    }

    /// <summary>A dispute in its evidence, with a pool of verifiers.</summary>
    internal static SmallChain Disputed(byte kind = 1, byte account = Task, ulong challenger = 0) =>
        Pool(11, 12, 13, 21, 23, 24, 25, 26, 27).Happens(
            Opened(kind, account, challenger: challenger), new DisputeBonded(1, Bonded));

    /// <summary>A dispute by the rules of revision 1.1 that waits for its first seed.</summary>
    internal static SmallChain Drawing(byte kind = 1, byte account = Task, ulong challenger = 0) =>
        Pool(11, 12, 13, 21, 23, 24, 25, 26, 27)
            .Happens(Opened(kind, account, challenger: challenger), new DisputeBonded(1, Revised), Started(1, 1, 3));

    /// <summary>A dispute whose first panel votes.</summary>
    internal static SmallChain Voting() => Disputed().Happens(Started(1, 1, 3), Drawn(1, 1, Panel));

    /// <summary>Every verifier of a panel votes.</summary>
    internal static SmallChain Voted(
        this SmallChain chain, byte round, byte attempt, Sequence<ulong> verifiers, byte choice)
    {
        foreach (var verifier in verifiers) chain.Happens(new VoteCommitted(1, round, attempt, verifier, Hash(4)));
        foreach (
            var verifier in verifiers) chain.Happens(new VoteRevealed(1, round, attempt, verifier, choice, Hash(5)));
        return chain;
    }

    internal static Disputes.State Dispute(this SmallChain chain) => chain.Of(Disputes.Fold, 1UL);

    internal static DisputeRounds.State Round(this SmallChain chain, string key) => chain.Of(DisputeRounds.Fold, key);

    internal static ulong OpenSeats(this SmallChain chain, ulong verifier) =>
        chain.Of(Verifiers.Fold, verifier).OpenSeats;

    /// <summary>The pledge of a seat.</summary>
    internal static Word SeatAccount(ulong dispute, byte round, byte attempt, ushort seat) =>
        Pledge(2, 0, (UInt128)dispute << 32 | (uint)(round << 24 | attempt << 16 | seat));

    /// <summary>The pledge of a poster: of a checkpoint (sort 0) or an era (sort 1).</summary>
    internal static Word PosterAccount(byte sort, ulong number, ushort posting) =>
        Pledge(6, sort, (UInt128)number << 16 | posting);
}
