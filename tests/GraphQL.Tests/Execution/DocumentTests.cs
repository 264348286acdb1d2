// How documents are found: the cache by raw bytes, trusted documents, automatic persisted queries.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;

namespace EventSourced.GraphQL.Tests.Execution;

public sealed class DocumentTests
{
    [Fact]
    public async Task A_document_is_read_once_and_found_by_its_bytes()
    {
        var executor = new RequestExecutor(Expect.Pets);
        await executor.JsonAsync("{ __typename }");
        await executor.JsonAsync("{ __typename }");
        Assert.Equal(1, executor.CachedDocuments);
        await executor.JsonAsync("{ __typename } ");
        Assert.Equal(2, executor.CachedDocuments);
        await executor.JsonAsync("{ nonsense }");
        Assert.Equal(2, executor.CachedDocuments);
    }

    [Fact]
    public async Task The_cache_is_bounded_and_keeps_what_is_used()
    {
        var executor = new RequestExecutor(Expect.Pets, new ExecutionOptions { DocumentCacheSize = 10 });
        for (var number = 0; number < 100; number++)
        {
            await executor.JsonAsync($"{{ a{number}: __typename }}");
            Assert.InRange(executor.CachedDocuments, 1, 10);
        }
    }

    [Fact]
    public async Task A_client_registers_a_document_by_its_hash_and_sends_only_the_hash_from_then_on()
    {
        var executor = new RequestExecutor(Expect.Pets);
        var hash = Convert.ToHexStringLower(SHA256.HashData("{ __typename }"u8));
        Assert.Equal(ErrorCodes.PersistedQueryNotFound, await CodeAsync(executor, "", hash));
        Assert.Equal(ErrorCodes.PersistedQueryMismatch, await CodeAsync(executor, "{ dog { name } }", hash));
        Assert.Null(await CodeAsync(executor, "{ __typename }", hash));
        Assert.Null(await CodeAsync(executor, "", hash));
        var off = new RequestExecutor(Expect.Pets, new ExecutionOptions { AutomaticPersistedQueries = 0 });
        Assert.Equal(ErrorCodes.PersistedQueryNotSupported, await CodeAsync(off, "", hash));
    }

    [Fact]
    public async Task Registered_documents_are_bounded_and_nonsense_is_never_registered()
    {
        var executor = new RequestExecutor(Expect.Pets, new ExecutionOptions { AutomaticPersistedQueries = 2 });
        var documents = new[] { "{ a: __typename }", "{ b: __typename }", "{ c: __typename }", "{ nonsense }" };
        var hashes =
            documents.Select(document => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(document))))
                .ToList();
        for (var index = 0; index < documents.Length; index++)
            await CodeAsync(executor, documents[index], hashes[index]);
        Assert.Equal(ErrorCodes.PersistedQueryNotFound, await CodeAsync(executor, "", hashes[0]));
        Assert.Null(await CodeAsync(executor, "", hashes[1]));
        Assert.Null(await CodeAsync(executor, "", hashes[2]));
        Assert.Equal(ErrorCodes.PersistedQueryNotFound, await CodeAsync(executor, "", hashes[3]));
    }

    [Fact]
    public async Task An_operator_can_run_trusted_documents_only()
    {
        var executor = new RequestExecutor(Expect.Pets, new ExecutionOptions
        {
            OnlyTrustedDocuments = true,
            TrustedDocuments = new Dictionary<string,
            ReadOnlyMemory<byte>>
            {
                ["names"] = "{ __typename }"u8.ToArray(),
                ["sha256:abc"] = "{ b: __typename }"u8.ToArray()
            },
        });
        Assert.Equal(ErrorCodes.UntrustedDocument, (await executor.RefusedAsync("{ __typename }")).Code);
        Assert.Equal(
            ErrorCodes.PersistedQueryNotFound,
            await CodeAsync(executor, new OperationRequest { DocumentId = "unknown" }));
        Assert.Null(await CodeAsync(executor, new OperationRequest { DocumentId = "names" }));
        Assert.Null(await CodeAsync(executor, "", "abc"));
    }

    [Fact]
    public async Task A_request_without_a_document_is_refused() =>
        Assert.Equal(ErrorCodes.BadRequest, await CodeAsync(new RequestExecutor(Expect.Pets), new OperationRequest()));

    private static Task<string?> CodeAsync(RequestExecutor executor, string document, string hash) =>
        CodeAsync(executor, OperationRequest.FromText(document) with
        {
            Extensions = JsonElement.Parse($$$"""{"persistedQuery":{"version":1,"sha256Hash":"{{{hash}}}"}}"""),
        });

    private static async Task<string?> CodeAsync(RequestExecutor executor, OperationRequest request) =>
        Assert.IsType<OperationResult>(await executor.ExecuteAsync(request)).Errors.FirstOrDefault()?.Code;
}
