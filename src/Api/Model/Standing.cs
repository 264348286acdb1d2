// What an agent is worth at a block: its free stake, what its work was paid, and its scores as the contracts would
// answer. Enters: rows of accounts, transfers, standings and the half-life's clock. Leaves: fields of agents and
// standings. Always holds: scores are read by the domain's own arithmetic, which is the contracts' digit for digit.
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using EventSourced.Domain.Events;
using EventSourced.Domain.Governance;
using EventSourced.Domain.Money;
using EventSourced.Domain.People;
using EventSourced.Domain.Values;
using EventSourced.GraphQL.Sql;
using EventSourced.Tables;

namespace EventSourced.Api.Model;

/// <summary>The fields of an agent's standing.</summary>
internal static class Standing
{
    private const int IncomeCost = 10;
    private const int ScoreCost = 2;

    private static readonly SqlScalar Domain = SqlScalar.Hex("Bytes32", Word.Length);

    /// <summary>Columns of agents that other tables hold.</summary>
    internal static IEnumerable<SqlColumn> ColumnsOfAgents { get; } =
    [
        new("stake", "stake", SqlScalar.Wei)
        {
            Expression = StakeOf,
            IsSummable = true,
            Cost = 1,
            Description = "Its free stake, in base units: what stakeOf of the contracts answers. Pledges and stake on its way out are not in it.",
        },
        new("income", "income", SqlScalar.Wei)
        {
            Expression = IncomeOf,
            IsSummable = true,
            Cost = IncomeCost,
            Description = "What the escrows of its tasks have paid for its work, in base units, without fees.",
        },
    ];

    /// <summary>The score of an agent.</summary>
    internal static SqlLate AgentScore { get; } = new("score", "BigInt", AgentScores, ReadAsync)
    {
        Arguments = "\"The domain; without it, the one in which the score is highest, strikes aside.\" domain: Bytes32",
        Cost = ScoreCost,
        Description = "Its score in micropoints at the block, faded as scoreOf of the contracts fades it. " + Moment,
    };

    /// <summary>The score of a standing.</summary>
    internal static SqlLate ReputationScore { get; } = new("currentScore", "BigInt", StandingScore, ReadAsync)
    {
        Cost = ScoreCost,
        Description = "The score in micropoints at the block, faded since the last change as scoreOf of the contracts fades it. " +
            Moment,
    };

    private const string Moment =
        "At a block of the past without events of the economy, it is the score at the newest block before it that has some. " +
        "Null before the half-life is set.";

    // The account of a kind with the number that an expression gives.
    private static string Account(Accounts.Kind kind, string number) => string.Create(
        CultureInfo.InvariantCulture,
        $"('\\x{(byte)kind:x2}'::bytea || decode(lpad(to_hex({number}), 62, '0'), 'hex'))");

    private static string StakeOf(SqlPlace agent)
    {
        var account = agent.NewAlias("c");
        return $"coalesce((select {account}.balance from {agent.Rows("Account", account)} where {account}.account = " +
            $"{Account(Accounts.Kind.Stake, $"{agent.Alias}.agent_id")}), 0)";
    }

    private static string IncomeOf(SqlPlace agent)
    {
        var (task, paid) = (agent.NewAlias("c"), agent.NewAlias("c"));
        return $"coalesce((select sum({paid}.amount) from {agent.Rows("Task", task)} join {agent.Rows("Transfer", paid)} on " +
            $"{paid}.from_account = {Account(Accounts.Kind.Task, $"{task}.task_id")} where {task}.agent_id = " +
            $"{agent.Alias}.agent_id and {paid}.reason = {(byte)Reason.Payment}), 0)";
    }

    private static string AgentScores(SqlPlace agent)
    {
        var standing = agent.NewAlias("c");
        var strike = Literal(Reputations.StrikeDomain);
        var asked = agent.Argument("domain", Domain);
        var within = asked is null ? $"{standing}.domain <> {strike}" : $"{standing}.domain = {asked}";
        var all = $"(select json_agg({standing}.accumulator::text) from {agent.Rows("Reputation", standing)} where " +
            $"{standing}.agent_id = {agent.Alias}.agent_id and {within})";
        return Clocked(agent, all, asked is null ? null : $"{asked} = {strike}");
    }

    private static string StandingScore(SqlPlace standing) => Clocked(
        standing, $"json_build_array({standing.Alias}.accumulator::text)",
        $"{standing.Alias}.domain = {Literal(Reputations.StrikeDomain)}");

    // The accumulators with the clock by which they fade and the moment of the block.
    private static string Clocked(SqlPlace place, string accumulators, string? isStrike)
    {
        var clock = place.NewAlias("c");
        var usual = Literal(ParameterKeys.ReputationHalfLife);
        var key = isStrike is null
            ? usual : $"case when {isStrike} then {Literal(ParameterKeys.StrikeHalfLife)} else {usual} end";
        return $"(select json_build_array({accumulators}, {clock}.value::text, {clock}.clock_since, " +
            $"{clock}.clock_exponent::text, {MomentOf(place)}) from {place.Rows("Parameter", clock)} where {clock}.key = {key})";
    }

    // The newest block's time is known whether it has events or not; of others only those with events are kept.
    private static string MomentOf(SqlPlace place) => place.Block is not { } block
        ? $"(select i.tip_timestamp from {TableNames.Progress} i)"
        : $"(select case when i.tip_number <= {block} then i.tip_timestamp else (select b.timestamp from {TableNames.Blocks} b " +
            $"where b.number <= {block} order by b.number desc limit 1) end from {TableNames.Progress} i)";

    private static string Literal(Word word) => $"'\\x{word.ToString()[2..]}'::bytea";

    private static ValueTask<JsonElement?> ReadAsync(JsonElement given, CancellationToken cancellation)
    {
        if (given.ValueKind != JsonValueKind.Array || given[4].ValueKind == JsonValueKind.Null)
            return new((JsonElement?)null);
        var halfLife = new Parameters.State(
            default, "", UInt256.From(Whole(given[1])), 1, (ulong)given[2].GetInt64(), (UInt128)Whole(given[3]),
            default);
        var exponent = Parameters.ExponentAt(halfLife, (ulong)given[4].GetInt64());
        var scores = given[0].ValueKind == JsonValueKind.Null
            ? []
            : given[0].EnumerateArray().Select(
                one => Decay.Read(Int256.From(Whole(one)), exponent).ToBigInteger());
        return new(JsonSerializer.SerializeToElement(
            scores.DefaultIfEmpty(BigInteger.Zero).Max().ToString(CultureInfo.InvariantCulture)));
    }

    private static BigInteger Whole(JsonElement text) =>
        BigInteger.Parse(text.GetString()!, CultureInfo.InvariantCulture);
}
