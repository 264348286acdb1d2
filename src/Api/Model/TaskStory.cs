// The story of a task: every event of every stream that it touched, in the order of the chain. Enters: a task's row
// in a statement. Leaves: the statement of its events with stage, actor and amount. Always holds: at a block the
// story ends there; an event that this file has no line for is told all the same, under the stage OTHER.
using System.Collections.Immutable;
using System.Globalization;
using EventSourced.Domain;
using EventSourced.Domain.Court;
using EventSourced.Domain.Events;
using EventSourced.Domain.Market;
using EventSourced.Domain.Money;
using EventSourced.GraphQL.Sql;
using EventSourced.Tables;

namespace EventSourced.Api.Model;

/// <summary>The field <c>story</c> of tasks.</summary>
internal static class TaskStory
{
    private const int Cost = 20;

    private static readonly string[] Stages =
    [
        "OTHER: What belongs to no stage.", "CREATED: The task came into the world.", "BIDDING: Agents bid.",
        "MATCH: A bid won.", "WORK: The winner works, or is out.", "DELIVERY: The result is handed in.",
        "REVIEW: The result is looked at.", "DISPUTE: The court has it.", "VOTE: A panel votes.",
        "PAYMENT: Money moved into the task's accounts or out of them.", "END: It is paid or cancelled.",
        "DEADLINE: A deadline passed and nobody had acted.",
    ];

    private static readonly ImmutableArray<SqlEnumValue> StageValues =
    [
        .. Stages.Select((stage, number) => new SqlEnumValue(
            stage[..stage.IndexOf(':', StringComparison.Ordinal)], (short)number,
            stage[(stage.IndexOf(':', StringComparison.Ordinal) + 2)..])),
    ];

    private static readonly Dictionary<Type, string> Names = EventCatalog.Events.Concat(DerivedEvents.All)
        .ToDictionary(known => known.Record, known => known.Name);

    private static readonly Line[] Lines =
    [
        new(typeof(TaskCreated), "CREATED", Holder(nameof(TaskCreated.Client)), "e.data->'Terms'->>'MaxPrice'"),
        new(typeof(BiddingOpened), "BIDDING"),
        new(typeof(BidCommitted), "BIDDING", Agent(nameof(BidCommitted.AgentId))),
        new(typeof(BidPlaced), "BIDDING", Agent(nameof(BidPlaced.AgentId)), Data(nameof(BidPlaced.Price))),
        new(typeof(BidWithdrawn), "BIDDING"),
        new(typeof(BidLost), "BIDDING", Agent(nameof(BidLost.AgentId))),
        new(typeof(TaskMatched), "MATCH", Agent(nameof(TaskMatched.AgentId))),
        new(typeof(TaskVacated), "WORK", Agent(nameof(TaskVacated.AgentId))),
        new(typeof(WorkLeaseStarted), "WORK", Agent(nameof(WorkLeaseStarted.AgentId))),
        new(typeof(WorkLeaseHeartbeat), "WORK"),
        new(typeof(WorkLeaseEnded), "WORK"),
        new(typeof(WorkLeases.WorkLeaseLapsed), "DEADLINE"),
        new(typeof(TaskSubmitted), "DELIVERY", Agent(nameof(TaskSubmitted.AgentId))),
        new(typeof(TaskReviewSet), "REVIEW"),
        new(typeof(TaskDisputed), "DISPUTE"),
        new(typeof(DisputeOpened), "DISPUTE", $"case when {Data(nameof(DisputeOpened.ChallengerId))} = '0' then " +
            $"s.client else {Agent(nameof(DisputeOpened.ChallengerId))} end"),
        new(typeof(DisputeBonded), "DISPUTE", null, "e.data->'Terms'->>'Bond'"),
        new(typeof(Evidence), "DISPUTE", Holder(nameof(Evidence.Party))),
        new(typeof(RoundStarted), "DISPUTE"),
        new(typeof(SeedCommitted), "DISPUTE", Holder(nameof(SeedCommitted.Party))),
        new(typeof(SeedRevealed), "DISPUTE", Holder(nameof(SeedRevealed.Party))),
        new(typeof(PanelDrawn), "DISPUTE"),
        new(typeof(VoteCommitted), "VOTE", Agent(nameof(VoteCommitted.VerifierId))),
        new(typeof(VoteRevealed), "VOTE", Agent(nameof(VoteRevealed.VerifierId))),
        new(typeof(RoundResolved), "VOTE"),
        new(typeof(DisputeSettled), "DISPUTE"),
        new(typeof(Disputes.DisputeDeadlinePassed), "DEADLINE"),
        new(typeof(Moved), "PAYMENT", $"'account-' || {Data(nameof(Moved.From))}", Data(nameof(Moved.Amount)),
            $"'account-' || {Data(nameof(Moved.To))}"),
        new(typeof(TaskFinalized), "END", Agent(nameof(TaskFinalized.AgentId))),
        new(typeof(TaskCancelled), "END"),
        new(typeof(Tasks.TaskDeadlinePassed), "DEADLINE"),
    ];

    /// <summary>The event types that have a stage.</summary>
    internal static IEnumerable<Type> Told => Lines.Select(line => line.Event);

    /// <summary>The field.</summary>
    internal static SqlList List { get; } = new("story", "TaskStoryEntry", Columns(), Source)
    {
        Cost = Cost,
        Description = "What happened to it, in the order of the chain: the events of the task, its leases and its disputes, " +
            "and the moves of money into its accounts and out of them. At a block of the past it ends there. More than the " +
            "largest number are read on with where: { position: { gt: .. } }.",
        TypeDescription = "An event in the story of a task.",
    };

    private static ImmutableArray<SqlColumn> Columns() =>
    [
        Column("position", SqlScalar.Long, "Its place among all events, from 1."),
        Column("stage", SqlScalar.Enum("TaskStage", "A part of a task's life.", StageValues), "The part of the task's life."),
        Column("event", SqlScalar.Text, "The stored name of the event type, as in task_created."),
        Column("eventId", SqlScalar.TextId, "The event: the field event has it with leaf and proof."),
        Column("stream", SqlScalar.TextId, "The stream that has the event: the task's own, or that of a lease, a dispute, an account."),
        Column("version", SqlScalar.Long, "Its place in that stream, from 1."),
        Column("block", SqlScalar.Long, "The number of its block."),
        Column("logIndex", SqlScalar.Int, "The place of its log in the block. A passed deadline has the place of the block's first log."),
        Column("ordinal", SqlScalar.Int, "0 for the log itself; the events that follow from the log are numbered from 1."),
        Column("timestamp", SqlScalar.UnixTime, "The block's time."),
        Column("isDerived", SqlScalar.Boolean, "Whether it follows from the chain without a log of its own."),
        Column("actor", SqlScalar.TextId, "The id of the one that acted: an agent, a holder of credits, the account that paid. Null: " +
            "nobody, or the event does not say.") with { IsNullable = true },
        Column("recipient", SqlScalar.TextId, "The id of the account that received. Null where no money moved.")
            with { IsNullable = true },
        Column("amount", SqlScalar.Wei, "The amount that it speaks of, in base units: the most that is offered, a price, a bond, what " +
            "moved. Null where it speaks of none.") with { IsNullable = true },
        Column("data", SqlScalar.Jsonb, "The fields of the event.") with { IsFilterable = false },
    ];

    private static SqlColumn Column(string field, SqlScalar scalar, string description) =>
        new(field, field.ToLowerInvariant(), scalar) { Description = description };

    // The streams of a task, read one by one by their index.
    private static string Source(SqlPlace task)
    {
        var (row, lease, dispute) = (task.Alias, task.NewAlias("c"), task.NewAlias("c"));
        var disputes = $"{task.Rows("Dispute", dispute)} where {dispute}.subject_id = {row}.task_id and {dispute}.kind <= " +
            $"{(byte)Disputes.Kind.RelatedParties}";
        var until = task.Block is { } block ? $" and e.seq_id <= {EventPlace.LastEventOf($"b.number <= {block}")}" : "";
        var streams = string.Join(" union all ",
            $"select 'task-' || {row}.task_id, null::text",
            $"select 'work-lease-' || {lease}.lease_id, 'agent-' || {lease}.agent_id from {task.Rows("WorkLease", lease)} " +
                $"where {lease}.task_id = {row}.task_id",
            $"select 'dispute-' || {dispute}.dispute_id, null from {disputes}",
            $"select {Account(Accounts.Kind.Task, $"{row}.task_id")}, null",
            $"select {Pledge($"{row}.task_id")}, null",
            $"select {Account(Accounts.Kind.Dispute, $"{dispute}.dispute_id")}, null from {disputes}");
        var derived = string.Join(", ", DerivedEvents.All.Select(known => $"'{known.Name}'"));
        return $"select e.seq_id as position, ({Cases(Stage, "0")})::smallint as stage, e.type as event, e.id::text as eventid, " +
            $"e.stream_id::text as stream, e.version, {EventPlace.BlockOf("e.id")} as block, {EventPlace.LogOf("e.id")} as logindex, " +
            $"{EventPlace.OrdinalOf("e.id")} as ordinal, extract(epoch from e.timestamp)::bigint as timestamp, e.type in ({derived}) " +
            $"as isderived, coalesce({Cases(line => line.Actor, "null")}, s.actor) as actor, " +
            $"{Cases(line => line.Recipient, "null")} as recipient, ({Cases(line => line.Amount, "null")})::numeric as amount, e.data " +
            $"from (select x.id, x.actor, 'credit-holder-0x' || encode({row}.client, 'hex') as client from ({streams}) x(id, actor)) " +
            $"s, lateral (select e.* from {TableNames.Events} e where e.stream_id = s.id{until} offset 0) e";
    }

    private static string Stage(Line line) =>
        StageValues.First(value => value.Name == line.Stage).Number.ToString(CultureInfo.InvariantCulture);

    private static string Cases(Func<Line, string?> value, string otherwise) =>
        $"case e.type{string.Concat(Lines.Where(line => value(line) is not null).Select(
            line => $" when '{Names[line.Event]}' then {value(line)}"))} else {otherwise} end";

    private static string Account(Accounts.Kind kind, string number) => string.Create(
        CultureInfo.InvariantCulture, $"'account-0x{(byte)kind:x2}' || lpad(to_hex({number}), 62, '0')");

    private static string Pledge(string taskId) => string.Create(
        CultureInfo.InvariantCulture,
        $"'account-0x{(byte)Accounts.Kind.AtRisk:x2}{(byte)Accounts.Pledge.Task:x2}' || lpad(to_hex({taskId}), 60, '0')");

    private static string Data(string property) => $"(e.data->>'{property}')";

    private static string Agent(string property) => $"'agent-' || {Data(property)}";

    private static string Holder(string property) => $"'credit-holder-' || {Data(property)}";

    // What the story says of an event, in terms of the event e and its stream s.
    private sealed record Line(
        Type Event, string Stage, string? Actor = null, string? Amount = null, string? Recipient = null);
}
