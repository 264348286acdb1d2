// A subject that is challenged: evidence, a panel drawn from a seed with a party's secret, votes, appeals, settlement.
// Enters: the subject and its parties, how the panel votes in each round, and whether the loser appeals. Leaves: the
// acts of all of them.
using EventSourced.Chain.Encoding;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Abi;

namespace EventSourced.World;

/// <summary>How a dispute goes.</summary>
public enum DisputeCourse
{
    Rejected,
    Upheld,
    Split,
    AppealedAndTurned,
    Withdrawn,
    Conceded,
    NobodyVotes,
    Tied,
    NobodyDraws,
    Withheld,
    BothWithhold,
}

/// <summary>
/// Who disputes what with whom. Challenger id 0: the subject's principal (its client, its data's owner).
/// </summary>
public sealed record Quarrel(ulong Kind, ulong Subject, int Challenger, ulong ChallengerId, int Respondent);

/// <summary>Tells the life of one dispute.</summary>
public sealed class DisputeStory(Cast cast, Random random, DisputeCourse course)
{
    private const ulong QualityBelowSpecification = 3;
    private const ulong Challenger = 1;
    private const ulong Respondent = 2;
    private const ulong EvidenceWindow = 4 * 3_600;

    private readonly Contract _court = cast.Contracts["Disputes"];
    private ulong _dispute;
    private int _client;
    private int _respondent;

    /// <summary>A delivered task whose client is not content.</summary>
    public IEnumerable<Beat> Tell()
    {
        var task = new TaskStory(cast, random, TaskMode.Direct, TaskEnding.Accepted);
        foreach (var beat in task.TellToDelivery()) yield return beat;
        var quarrel = new Quarrel(QualityBelowSpecification, task.TaskId, task.Client, 0, task.Winner.Actor);
        foreach (var beat in TellOver(quarrel)) yield return beat;
        if (course is not (DisputeCourse.Rejected or DisputeCourse.AppealedAndTurned or DisputeCourse.Withdrawn
            or DisputeCourse.Withheld))
            yield break;
        yield return new Beat.NextBlock();
        yield return Beat.Do(task.Client, cast.Contracts["TaskMarket"], "accept", task.TaskId);
    }

    /// <summary>A dispute over any subject.</summary>
    public IEnumerable<Beat> TellOver(Quarrel quarrel)
    {
        (_client, _respondent) = (quarrel.Challenger, quarrel.Respondent);
        _dispute = cast.Disputes.Next();
        var openedAt = cast.Now;
        yield return Beat.Do(_client, _court, "open", quarrel.Kind, quarrel.Subject, quarrel.ChallengerId,
            Cast.Word($"claim {_dispute}"));
        yield return Beat.Do(
            _client, _court, "submitEvidence", _dispute, Challenger, $"ipfs://evidence/{_dispute}/challenger");
        yield return Beat.Do(
            _respondent, _court, "submitEvidence", _dispute, Respondent, $"ipfs://evidence/{_dispute}/respondent");
        if (course == DisputeCourse.Withdrawn) yield return Beat.Do(_client, _court, "withdraw", _dispute);
        if (course == DisputeCourse.Conceded) yield return Beat.Do(_respondent, _court, "concede", _dispute);
        if (course is DisputeCourse.Withdrawn or DisputeCourse.Conceded) yield break;
        yield return new Beat.Until(openedAt + EvidenceWindow);
        yield return Beat.Do(_client, _court, "startRound", _dispute);
        foreach (var beat in Judged()) yield return beat;
        if (!IsForfeited) yield return Beat.Do(_client, _court, "settle", _dispute);
    }

    /// <summary>
    /// A receipt that contradicts the result beside it: proven on the chain, settled in the same call.
    /// </summary>
    public IEnumerable<Beat> TellProven()
    {
        var receipt = System.Text.Encoding.ASCII.GetBytes(
            $"{{\"module\":\"liar\",\"outputHash\":\"{new string('a', 64)}\",\"randomSeed\":\"0\",\"schema\":\"eventsourced-execution-receipt/1\"}}");
        var task = new TaskStory(cast, random, TaskMode.Direct, TaskEnding.Accepted)
        {
            ReceiptHash = new Hash32(System.Security.Cryptography.SHA256.HashData(receipt)),
        };
        foreach (var beat in task.TellToDelivery()) yield return beat;
        _dispute = cast.Disputes.Next();
        yield return Beat.Do(task.Client, _court, "prove", task.TaskId, 0UL, (byte[])[1, .. receipt]);
    }

    // The draw settles what a side loses by withholding its secret.
    private bool IsForfeited => course is DisputeCourse.Withheld or DisputeCourse.BothWithhold;

    private IEnumerable<Beat> Judged()
    {
        foreach (var beat in Round(first: true)) yield return beat;
        if (IsForfeited) yield break;
        if (course == DisputeCourse.NobodyVotes)
        {
            // No quorum: the absent pay at once, and a fresh panel votes.
            foreach (var beat in Round(first: false)) yield return beat;
        }

        if (course is DisputeCourse.AppealedAndTurned or DisputeCourse.NobodyDraws)
        {
            yield return Beat.Do(_respondent, _court, "appeal", _dispute, Respondent);
            if (course == DisputeCourse.NobodyDraws)
            {
                foreach (var beat in Undrawn()) yield return beat;
            }

            foreach (var beat in Round(first: false)) yield return beat;
        }

        yield return new Beat.Until(cast.Facts.RulingOf(_dispute).AppealEnd);
    }

    // The seed's window passes, a later one is named, and the time to draw passes too: a smaller panel is asked for.
    private IEnumerable<Beat> Undrawn()
    {
        yield return new Beat.NextBlock();
        yield return new Beat.UntilBlock(cast.Facts.RoundOf(_dispute).SeedBlock + 64);
        yield return Beat.Do(_client, _court, "reseed", _dispute);
        yield return new Beat.NextBlock();
        yield return new Beat.UntilBlock(cast.Facts.RoundOf(_dispute).SeedBlock + 64);
        yield return new Beat.Until(cast.Facts.RoundOf(_dispute).DrawBy);
        yield return Beat.Do(_client, _court, "resolveRound", _dispute);
        yield return new Beat.NextBlock();
    }

    private IEnumerable<Beat> Round(bool first)
    {
        yield return new Beat.NextBlock();
        var (round, attempt, seedBlock, _) = cast.Facts.RoundOf(_dispute);
        var secret = Cast.Word($"secret {_dispute} {round} {attempt}");
        var contributes = first && (random.Next(2) == 0 || IsForfeited);
        if (contributes)
            yield return Beat.Do(_client, _court, "commitSeed", _dispute, Challenger, Keccak256.Hash(secret.Bytes));
        if (course == DisputeCourse.BothWithhold)
            yield return Beat.Do(_respondent, _court, "commitSeed", _dispute, Respondent, Keccak256.Hash(secret.Bytes));
        yield return new Beat.UntilBlock(seedBlock);
        if (contributes && !IsForfeited)
            yield return Beat.Do(_client, _court, "revealSeed", _dispute, Challenger, secret);
        yield return new Beat.UntilBlock(seedBlock + 17);
        yield return Beat.Do(_client, _court, "draw", _dispute);
        yield return new Beat.NextBlock();
        if (IsForfeited) yield break;
        while (cast.Facts.RoundOf(_dispute).SeedBlock is var later && later != seedBlock)
        {
            // Too few could be seated: a later seed is waited for.
            seedBlock = later;
            yield return new Beat.UntilBlock(seedBlock + 17);
            yield return Beat.Do(_client, _court, "draw", _dispute);
            yield return new Beat.NextBlock();
        }

        foreach (var beat in Votes(round, attempt)) yield return beat;
        yield return Beat.Do(_client, _court, "resolveRound", _dispute);
        yield return new Beat.NextBlock();
    }

    private IEnumerable<Beat> Votes(byte round, byte attempt)
    {
        var panel = cast.Facts.PanelOf(_dispute);
        if (course != DisputeCourse.NobodyVotes || attempt > 1)
        {
            // A tied panel is just quorate (2 of 3, 4 of 7, 8 of 15) and of two minds.
            var voters = course == DisputeCourse.Tied ? panel.Verifiers.Length / 2 + 1 : panel.Verifiers.Length;
            var choices = Enumerable.Range(0, voters)
                .Select(seat => course == DisputeCourse.Tied ? seat < voters / 2 ? 1UL : 2 : ChoiceOf(round, seat))
                .ToArray();
            foreach (var seat in Ours(panel, choices.Length))
                yield return Beat.Do(JudgeOf(panel, seat), _court, "commitVote", _dispute, panel.Verifiers[seat],
                    Commitment(round, attempt, panel.Verifiers[seat], choices[seat]));
            yield return new Beat.Until(panel.CommitEnd);
            foreach (var seat in Ours(panel, choices.Length))
                yield return Beat.Do(JudgeOf(panel, seat), _court, "revealVote", _dispute, panel.Verifiers[seat],
                    choices[seat], Salt(panel.Verifiers[seat]), Cast.Word($"why {_dispute} {seat}"));
        }

        yield return new Beat.Until(panel.RevealEnd);
    }

    // In the first round of a turned dispute the panel upholds; the larger one rejects. One seat always dissents.
    private ulong ChoiceOf(byte round, int seat) => (seat, course) switch
    {
        (0, _) => 1,
        (_, DisputeCourse.Rejected) => 1,
        (_, DisputeCourse.Split) => 3,
        (_, DisputeCourse.AppealedAndTurned) => round == 1 ? 2UL : 1,
        _ => 2,
    };

    // Who came from elsewhere votes by itself.
    private IEnumerable<int> Ours(Panel panel, int voters) =>
        Enumerable.Range(0, voters).Where(seat => cast.AgentOf(panel.Verifiers[seat]).Id != 0);

    private int JudgeOf(Panel panel, int seat) => cast.AgentOf(panel.Verifiers[seat]).Actor;

    private Hash32 Salt(ulong verifier) => Cast.Word($"salt {_dispute} {verifier}");

    private Hash32 Commitment(
        byte round, byte attempt, ulong verifier, ulong choice) => Keccak256.Hash(AbiEncoder.Encode(
        CommitmentTypes,
        [cast.Contracts.ChainId, _court.Address, _dispute, (ulong)round, (ulong)attempt, verifier, choice,
            Salt(verifier)]));

    private static readonly AbiType[] CommitmentTypes =
        [.. new[]
        {
            "uint256",
            "address",
            "uint256",
            "uint8",
            "uint8",
            "uint256",
            "uint8",
            "bytes32",
        }.Select(AbiType.Parse)];
}
