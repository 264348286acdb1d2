// The way of one command, as server-sent events. Enters: an id. Leaves: its status now and at each change, until
// nothing can happen to it any more. Always holds: the id of an event is the version of the journal, so a client that
// comes back misses nothing; streams are counted.
using EventSourced.Api.Commands.Checks;
using EventSourced.Api.Commands.Limits;
using EventSourced.Api.Commands.Path;
using EventSourced.Commands;
using Microsoft.AspNetCore.Http;

namespace EventSourced.Api.Commands.Http;

/// <summary>Streams the ways of commands.</summary>
internal sealed class CommandEvents(CommandReads reads, CommandChanges changes)
{
    private readonly AtOnce _watchers = new(LimitTable.Watchers);

    /// <summary>Streams one; the answer is a problem where there is no stream.</summary>
    public async Task<Reply> StreamAsync(HttpContext context, Guid id)
    {
        using var place = _watchers.Enter("");
        if (place is null) return Gate.TooMany(LimitTable.Watchers);
        var cancellation = context.RequestAborted;
        if (await reads.ByIdAsync(id, cancellation).ConfigureAwait(false) is null)
            return new Problem(404, "NoSuchCommand", "the id of a command that was accepted", "another one");
        var after = int.TryParse(context.Request.Headers["Last-Event-ID"], out var seen) ? seen : -1;
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await foreach (var status in changes.WatchAsync(id, cancellation).ConfigureAwait(false))
        {
            if (status.Version <= after) continue;
            await context.Response.WriteAsync(
                $"id: {status.Version}\nevent: {Accepted.NameOf(status.Phase)}\ndata: {Accepted.Json(status).ToJsonString()}\n\n", cancellation).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(cancellation).ConfigureAwait(false);
        }

        return new Reply(200, []);
    }
}
