// The three tables as the planner takes them, in the words of the read API.
using EventSourced.GraphQL.Sql;

namespace EventSourced.BenchGraphQL;

internal static class Model
{
    private static readonly SqlScalar Address = SqlScalar.Hex("Address", 20);

    private static readonly SqlScalar TaskStatus = Enum<Domain.Market.Tasks.Status>("TaskStatus");

    private static readonly SqlScalar BidStatus = Enum<Domain.Market.Bids.Status>("BidStatus");

    public static SqlModel Create() => new(
        [
            Table("Agent", "agentId",
            [
                new("agentId", "agent_id", SqlScalar.LongId),
                new("owner", "owner", Address),
                new("uri", "uri", SqlScalar.Text),
            ]),
            Table("Task", "taskId",
            [
                new("taskId", "task_id", SqlScalar.LongId),
                new("client", "client", Address),
                new("status", "status", TaskStatus) { IsGroupable = true },
                new("price", "price", SqlScalar.Wei) { IsSummable = true },
                new("createdAt", "created_at", SqlScalar.UnixTime),
            ],
            new("agent", "Agent", "agent_id", "agent_id", IsMany: false),
            new("bids", "Bid", "task_id", "task_id", IsMany: true)),
            Table("Bid", "bidId",
            [
                new("bidId", "bid_id", SqlScalar.LongId),
                new("price", "price", SqlScalar.Wei) { IsSummable = true },
                new("status", "status", BidStatus),
            ],
            new("task", "Task", "task_id", "task_id", IsMany: false),
            new("agent", "Agent", "agent_id", "agent_id", IsMany: false)),
        ],
        new SqlBlocks("es_block", "es_indexer") { First = 1 });

    private static SqlTable Table(string type, string key, SqlColumn[] columns, params SqlRelation[] relations)
    {
        var name = $"model.{type.ToLowerInvariant()}";
        return new(type, name, key, [.. columns])
        {
            Prefix = type.ToLowerInvariant(),
            IsSerial = true,
            Relations = [.. relations],
            History = new($"{name}_history"),
        };
    }

    private static SqlScalar Enum<TEnum>(string name)
        where TEnum : struct, Enum =>
        SqlScalar.Enum(name, name, [.. System.Enum.GetValues<TEnum>().Select(value => new SqlEnumValue(
            value.ToString().ToUpperInvariant(), Convert.ToInt16(value, null)))]);
}
