// The field nextActions. Enters: a thing, an address, a block. Leaves: the commands about it with their decisions.
// Always holds: the answer is the one that GET /v1/next-actions gives.
using System.Text;
using System.Text.Json.Nodes;
using EventSourced.Api.Commands.Path;
using EventSourced.Ethereum;
using EventSourced.GraphQL;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;

namespace EventSourced.Api.Schema;

/// <summary>Resolves the field nextActions.</summary>
internal sealed class NextActionFields(NextActions actions)
{
    internal void AddTo(SchemaBuilder builder) => builder.AddResolver("Query", "nextActions", FindAsync);

    private async ValueTask<object?> FindAsync(ResolverContext context)
    {
        var block = context.ArgumentValue<long?>("block");
        if (block < 0) throw Refusal("BLOCK_OUT_OF_RANGE", "a block from 0", $"{block}");
        var actor = Convert.ToString(
            context.ArgumentValue<object>("as"), System.Globalization.CultureInfo.InvariantCulture);
        if (!Address.TryParse(actor, null, out var address)) throw Refusal(
            ErrorCodes.BadUserInput, "an address", $"{actor}");
        var (found, problem) = await actions.FindAsync(
            context.ArgumentValue<string?>("id") ?? "", address, (ulong?)block,
            context.RequestAborted).ConfigureAwait(false);
        return problem is not null
            ? throw Refusal(problem.Code, problem.Expected, problem.Found)
            : new Dictionary<string, object?>
            {
                ["block"] = (long)found!.Block,
                ["actions"] = found.Actions.Select(Fields).ToList(),
            };
    }

    private static Dictionary<string, object?> Fields(NextAction action) => new()
    {
        ["command"] = action.Entry.Name,
        ["isLegal"] = action.IsLegal,
        ["reason"] = action.Reason is { } reason
            ? new Dictionary<string, object?>
            {
                ["code"] = reason.Code,
                ["expected"] = reason.Expected,
                ["found"] = reason.Found,
            }
            : null,
        ["sender"] = action.Entry.Sender.Words,
        ["effect"] = action.Entry.Effect,
        ["arguments"] = new RawJson(Encoding.UTF8.GetBytes(
            new JsonObject(
                action.Known.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))).ToJsonString())),
    };

    private static GraphQLException Refusal(string code, string expected, string found) =>
        new(new GraphQLError($"expected {expected}, found {found}", code).WithExtension(
            "expected", expected).WithExtension("found", found));
}
