// What the planner refuses: a block that it cannot read at, a value that does not fit. Always holds: the fields beside
// the refused one are answered.
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Sql.Tests;

public sealed class RefusalTests(Economy economy) : IClassFixture<Economy>
{
    [Theory]
    [InlineData("block: { number: 4 }", ErrorCodes.UnknownBlock, "a block from 5 to 60", "4")]
    [InlineData("block: { number: 61 }", ErrorCodes.BlockNotIndexed, "a block from 5 to 60", "61")]
    [InlineData("block: { number: -9223372036854775808 }", ErrorCodes.UnknownBlock, "a block from 5 to 60",
        "-9223372036854775808")]
    [InlineData("block: { number: 50 }, finality: FINALIZED", ErrorCodes.BlockNotFinal, "a block from 5 to 48", "50")]
    [InlineData("block: { number: 61 }, finality: SAFE", ErrorCodes.BlockNotIndexed, "a block from 5 to 48", "61")]
    [InlineData(
        "block: { hash: \"0x06\" }", ErrorCodes.UnknownBlock, "the hash of a canonical block that has events", "0x06")]
    [InlineData("block: { hash: \"0xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" }, finality: FINALIZED", ErrorCodes.BlockNotFinal, "a block from 5 to 48", "60")]
    [InlineData("block: { hash: \"zz\" }", ErrorCodes.BadUserInput, "a block's hash in hex", "\"zz\"")]
    [InlineData("block: { numberAtLeast: 61 }", ErrorCodes.BlockNotIndexed, "an index at block 61 or beyond", "60")]
    [InlineData("block: { numberAtLeast: 49 }, finality: FINALIZED", ErrorCodes.BlockNotFinal,
        "an index at block 49 or beyond", "48")]
    [InlineData("block: { ago: 56 }", ErrorCodes.UnknownBlock, "a block from 5 to 60", "4")]
    [InlineData("block: { ago: -1 }", ErrorCodes.BadUserInput, "a number of blocks from 0 on", "-1")]
    public async Task A_block_that_cannot_be_read_at_is_refused(
        string arguments, string code, string expected, string found)
    {
        // The field beside it is answered all the same.
        var result = Assert.IsType<OperationResult>(await economy.Executor.ExecuteAsync(
            $"{{ good: worker(id: 1) {{ id }} bad: worker(id: 1, {arguments}) {{ id }} }}"));
        var error = Assert.Single(result.Errors);
        Assert.Equal((code, expected, found, "bad"),
            (error.Code, error.Extensions["expected"], error.Extensions["found"], error.Path!.ToString()));
        Assert.Contains(
            "\"data\":{\"good\":{\"id\":\"worker-1\"},\"bad\":null}", result.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs(after: \"nonsense\") { nodes { id } }", ErrorCodes.BadUserInput)]
    [InlineData("jobs(after: \"WyJ4Il0=\") { nodes { id } }", ErrorCodes.BadUserInput)]
    [InlineData("jobs(first: 1, last: 1) { nodes { id } }", ErrorCodes.BadUserInput)]
    [InlineData("jobs(last: 1, distinctOn: status) { nodes { id } }", ErrorCodes.BadUserInput)]
    [InlineData("jobs(order: { price: ASC }, distinctOn: status) { totalCount }", null)]
    [InlineData(
        "jobs(order: [{ price: ASC }, { status: ASC }], distinctOn: status) { nodes { id } }", ErrorCodes.BadUserInput)]
    [InlineData("workers(where: { uri: { matches: $long } }) { totalCount }", ErrorCodes.LimitExceeded)]
    [InlineData("nodes(ids: $many) { id }", ErrorCodes.LimitExceeded)]
    [InlineData("jobs { aggregates { groupBy(by: []) { count } } }", ErrorCodes.BadUserInput)]
    [InlineData("jobs { aggregates { groupBy(by: [{ field: status }, { field: status }]) { count } } }",
        ErrorCodes.BadUserInput)]
    [InlineData(
        "jobs { aggregates { groupBy(by: { field: status, bucket: DAY }) { count } } }", ErrorCodes.BadUserInput)]
    [InlineData(
        "jobs { aggregates { groupBy(by: { field: status }, first: 1001) { count } } }", ErrorCodes.BadUserInput)]
    public async Task A_value_that_does_not_fit_refuses_its_own_field(string field, string? code)
    {
        var request = OperationRequest.FromText(
            $"query ($long: String, $many: [ID!]!) {{ good: worker(id: 1) {{ id }} bad: {field} other: workers(where: {{ uri: {{ eq: $long }} }}) {{ totalCount }} more: __typename @skip(if: true) many: nodes(ids: $many) @skip(if: true) {{ id }} }}");
        var result = Assert.IsType<OperationResult>(await economy.Executor.ExecuteAsync(request with
        {
            Variables = JsonElement.Parse(JsonSerializer.Serialize(new Dictionary<string, object>
            {
                ["long"] = new string('x', 201),
                ["many"] = Enumerable.Range(0, 101).Select(id => $"job-{id}"),
            })),
        }));
        Assert.Equal(code is null ? [] : [code], result.Errors.Select(error => error.Code));
        // A list that is never null takes the response with it.
        var isWhole = !field.StartsWith("nodes", StringComparison.Ordinal);
        Assert.Equal(
            isWhole, result.ToJson().Contains("\"good\":{\"id\":\"worker-1\"}", StringComparison.Ordinal));
    }
}
