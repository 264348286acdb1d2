// The peers: minimal APIs as somebody writes them by hand who knows what he wants, with one statement each. One makes
// its JSON by json_build_object, as everybody does, the other by the form that measured best. Both serve the values
// that the GraphQL questions select.
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace EventSourced.BenchGraphQL;

internal static class ByHand
{
    private const string Status =
        "case t.status when 0 then 'CREATED' when 1 then 'BIDDING' when 2 then 'MATCHED' when 3 then 'RUNNING' when 4 then 'VERIFYING' when 5 "
        + "then 'DISPUTED' when 6 then 'VACANT' when 7 then 'FINALIZED' when 8 then 'CANCELLED' end";

    private const string BidStatus =
        "case b.status when 0 then 'NONE' when 1 then 'COMMITTED' when 2 then 'STANDING' when 3 then 'WON' when 4 then 'WITHDRAWN' when 5 then "
        + "'OUTSCORED' when 6 then 'LOST' when 7 then 'FORFEITED' when 8 then 'RETURNED' end";

    private const string Time =
        "to_char(to_timestamp(t.created_at) at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";

    private static readonly string TaskObject =
        $"'id', 'task-' || t.task_id, 'status', {Status}, 'client', '0x' || encode(t.client, 'hex'), 'price', t.price::text, 'createdAt', {Time}, "
        + "'agent', (select json_build_object('id', 'agent-' || a.agent_id, 'owner', '0x' || encode(a.owner, 'hex'), 'uri', a.uri) from model.agent a where a.agent_id = t.agent_id)";

    private static readonly string TaskText =
        "'{\"id\":\"task-'::text || t.task_id::text || '\",\"status\":\"'::text || (" + Status
            + ")::text || '\",\"client\":\"0x'::text || encode(t.client, 'hex')::text || "
        + "'\",\"price\":\"'::text || t.price::text || '\",\"createdAt\":\"'::text || " + Time
            + "::text || '\",\"agent\":'::text || coalesce((select '{\"id\":\"agent-'::text || a.agent_id::text || "
        + "'\",\"owner\":\"0x'::text || encode(a.owner, 'hex')::text || '\",\"uri\":'::text || to_json(a.uri)::text || '}'::text from model.agent a where a.agent_id = t.agent_id), 'null')";

    private static readonly Dictionary<string, (string One, string Page)> Statements = new()
    {
        ["json_build_object"] = (
            $"select json_build_object({TaskObject}) from model.task t where t.task_id = $1",
            $"""
            select json_build_object('nodes', coalesce((select json_agg(j) from (
              select json_build_object({TaskObject}, 'bids', json_build_object('nodes', coalesce((select json_agg(x.j) from (
                select json_build_object('id', 'bid-' || b.bid_id, 'price', b.price::text, 'status', {BidStatus}) as j
                from model.bid b where b.task_id = t.task_id order by b.bid_id limit 3) x), '[]'::json))) as j
              from model.task t where t.status = $1 order by t.task_id desc limit $2) p), '[]'::json))
            """),
        ["strings"] = (
            $"select {TaskText} || '}}'::text from model.task t where t.task_id = $1",
            $$$"""
            select '{"nodes":['::text || coalesce((select string_agg(p.j, ',') from (
              select {{{TaskText}}} || ',"bids":{"nodes":['::text || coalesce((select string_agg(x.j, ',') from (
                select '{"id":"bid-'::text || b.bid_id::text || '","price":"'::text || b.price::text || '","status":"'::text || ({{{BidStatus}}})::text || '"}'::text as j
                from model.bid b where b.task_id = t.task_id order by b.bid_id limit 3) x), '') || ']}}'::text as j
              from model.task t where t.status = $1 order by t.task_id desc limit $2) p), '') || ']}'::text
            """),
    };

    public static void Map(WebApplication app, NpgsqlDataSource database, string form)
    {
        var (one, page) = Statements[form];
        app.MapGet("/task/{id:long}", (long id, HttpContext context) =>
            AnswerAsync(context, database, one, new NpgsqlParameter<long> { TypedValue = id }));
        app.MapGet("/tasks", (short status, int first, HttpContext context) =>
            AnswerAsync(context, database, page, new NpgsqlParameter<short> { TypedValue = status },
                new NpgsqlParameter<int> { TypedValue = first }));
    }

    private static async Task AnswerAsync(
        HttpContext context, NpgsqlDataSource database, string statement, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(statement);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(context.RequestAborted);
        if (!await reader.ReadAsync(context.RequestAborted))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var json = reader.GetFieldValue<byte[]>(0);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = json.Length;
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
