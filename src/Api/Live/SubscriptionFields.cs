// The subscriptions. Enters: a subscription's arguments and selection. Leaves: its events, one result each. Always
// holds: a subscriber hears of a retraction before the events that replace the retracted ones; no change is missing
// between two results; the number of subscriptions is bounded, by the transport for a connection and here for the
// process.
using System.Runtime.CompilerServices;
using System.Text;
using EventSourced.Api.Model;
using EventSourced.Api.Options;
using EventSourced.Api.Streams;
using EventSourced.GraphQL;
using EventSourced.GraphQL.Errors;
using EventSourced.GraphQL.Execution;
using EventSourced.GraphQL.Response;
using EventSourced.Projections;

namespace EventSourced.Api.Live;

/// <summary>A change of a row. Its members are the fields of the schema's changes, except the row itself.</summary>
internal sealed record RowChange(
    string Kind, string Id, BlockView? Block, IReadOnlyList<string> Names, RawJson?[]? Rows) : SharedEvent
{
    /// <summary>The row with the fields that one place of the selection asks for.</summary>
    internal RawJson? Row(string name)
    {
        for (var i = 0; i < Names.Count; i++)
            if (Names[i] == name) return Rows?[i];
        return null;
    }
}

/// <summary>An event that came or was taken back. Its members are the fields of the schema's EventChange.</summary>
internal sealed record EventChange(string Kind, StoredEvent Event, string Cursor, bool IsFinal) : SharedEvent;

/// <summary>A block that came or was left. Its members are the fields of the schema's BlockChange.</summary>
internal sealed record BlockChange(string Kind, BlockView Block, bool IsFinal) : SharedEvent;

/// <summary>Serves the subscriptions.</summary>
internal sealed class SubscriptionFields
{
    /// <summary>SUBSCRIPTIONS_IN_ALL: the subscriptions of the whole process.</summary>
    internal const string LimitInAll = "SUBSCRIPTIONS_IN_ALL";

    private const string Appended = "APPENDED";
    private const string Retracted = "RETRACTED";

    // The end of the cursor of an event that was taken back: a client that resumes there knows of the retraction.
    private const string TakenBack = ".r";
    private const string Beginning = "0";

    private readonly ChangeFeed _feed;
    private readonly int _maxSubscriptions;
    private readonly RowFollowers _rows;
    private RequestExecutor? _executor;
    private int _active;
    private int _following;

    internal SubscriptionFields(ChangeFeed feed, int maxSubscriptions)
    {
        (_feed, _maxSubscriptions) = (feed, maxSubscriptions);
        _rows = new RowFollowers(feed, ChangesAsync);
    }

    /// <summary>The number of subscriptions now.</summary>
    internal int Active => Volatile.Read(ref _active);

    /// <summary>The number of subscriptions that follow the index by now.</summary>
    internal int Following => Volatile.Read(ref _following);

    /// <summary>The definitions of all subscriptions.</summary>
    internal static string Definitions()
    {
        var sdl = new StringBuilder(ApiSchemaText);
        var fields = new StringBuilder();
        foreach (var model in ReadModels.All)
        {
            var (type, single) = (model.TypeName, FieldNames.Single(model.TypeName));
            sdl.Append(
                $$"""
                "A change of a {{type}}."
                type {{type}}Change {
                  "Whether events came, or a reorg took events back."
                  kind: ChangeKind!
                  "The id of what changed."
                  id: ID!
                  "The newest block of the index at the time of the change."
                  block: Block
                  "The row after the change; null when a reorg left no row."
                  {{single}}: {{type}}
                }

                """);
            fields.Append(
                $$"""
                "Sends each {{type}} that events change, after each batch of the index."
                {{single}}Changed(
                  "Only the {{type}} with this id."
                  id: ID
                  "Only rows that match after the change. Retractions are sent in any case."
                  where: {{type}}Filter
                  "LATEST sends changes at once and retracts them after a reorg. FINALIZED sends final changes only."
                  finality: Finality = LATEST
                ): {{type}}Change!

                """);
        }

        return sdl.Append("extend type Subscription {\n").Append(fields).Append("}\n").ToString();
    }

    internal void AddTo(SchemaBuilder builder)
    {
        builder.AddSubscriber("eventAppended", context => ValueTask.FromResult(EventsAsync(context, default)));
        builder.AddSubscriber("blockIndexed", context => ValueTask.FromResult(BlocksAsync(context, default)));
        foreach (var model in ReadModels.All)
        {
            var single = FieldNames.Single(model.TypeName);
            builder.AddSubscriber(
                $"{single}Changed", context => ValueTask.FromResult(RowsAsync(context, model, default)));
            builder.AddResolver(
                $"{model.TypeName}Change", single,
                context => context.Parent<RowChange>().Row(context.Selection.ResponseName));
        }
    }

    /// <summary>Sets the executor that reads the rows: the one of the finished schema.</summary>
    internal void ReadRowsBy(RequestExecutor executor) => _executor = executor;

    // The subscription holds its place from the first result until the reader leaves.
    private Place TakePlace()
    {
        if (Interlocked.Increment(ref _active) <= _maxSubscriptions) return new Place(this);
        Interlocked.Decrement(ref _active);
        throw LimitExceeded.Exception(LimitInAll, _maxSubscriptions, _maxSubscriptions + 1);
    }

    private async IAsyncEnumerable<object?> BlocksAsync(
        ResolverContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var place = TakePlace();
        var isFinal = IsFinal(context);
        using var follower = (await _feed.FollowAsync(null, cancellation).ConfigureAwait(false))!;
        place.Follow();
        string? told = null;
        await foreach (var news in follower.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (!isFinal)
                foreach (var left in news.RetractedBlocks)
                    yield return news.Shared("left", left, () => new BlockChange(Retracted, left.View, false));
            if (news.RetractedBlocks.Count > 0) told = null;
            var block = isFinal ? news.Step.Final : news.Step.Tip;
            if (block is null || block.View.Hash == told || news.Step.HasMore) continue;
            told = block.View.Hash;
            yield return news.Shared(
                "reached", block,
                () => new BlockChange(Appended, block.View, block.Number <= (news.Step.Final?.Number ?? -1)));
        }
    }

    private async IAsyncEnumerable<object?> RowsAsync(
        ResolverContext context, ReadModel model, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var place = TakePlace();
        var only = context.ArgumentValue<string?>("id") is { } id ? KeyOf(model, id) : null;
        var hasFilter = context.ArgumentValue<object?>("where") is not null;
        var filtered = RowQuery.Of(context, model, withFilter: true);
        var wishes = IsFinal(context)
            ? new RowWishes(null, new RowWish(model, ChangeSort.Finalized, filtered, hasFilter))
            : new RowWishes(
                new RowWish(model, ChangeSort.Retracted, RowQuery.Of(context, model, withFilter: false), hasFilter),
                new RowWish(model, ChangeSort.Appended, filtered, hasFilter));
        using var follower = await _rows.FollowAsync(wishes, only, cancellation).ConfigureAwait(false);
        place.Follow();
        // One registration serves all waits; a wait with the token would register anew each time.
        await using var leaving = cancellation.UnsafeRegister(
            _ => follower.End(new OperationCanceledException(cancellation)), null).ConfigureAwait(false);
        while (await follower.Changes.WaitToReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            while (follower.Changes.TryRead(out var changes))
                foreach (var change in changes) yield return change;
        }
    }

    // One statement makes the changes for all subscribers with this wish.
    private async Task<RowChange?[]> ChangesAsync(FeedNews news, RowWish wish, IReadOnlyList<string> keys)
    {
        var (model, sort, query, hasFilter) = wish;
        var ids = keys.Select(key => new Thing(model, key).Id).ToArray();
        var rows = query is null ? null : await RowChanges.ReadAsync(_executor!, query, ids).ConfigureAwait(false);
        var block = (sort == ChangeSort.Finalized ? news.Step.Final : news.Step.Tip)?.View;
        var kind = sort == ChangeSort.Retracted ? Retracted : Appended;
        return Array.ConvertAll(ids, id =>
        {
            var row = rows?.Find(id);
            // A filter leaves out a row that no longer matches; a retraction is told in any case.
            if (row is null && hasFilter && sort != ChangeSort.Retracted) return null;
            return new RowChange(kind, id, block, query?.Names ?? [], row);
        });
    }

    private async IAsyncEnumerable<object?> EventsAsync(
        ResolverContext context, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var place = TakePlace();
        var wanted = Wanted(context);
        var isFinal = IsFinal(context);
        var from = context.ArgumentValue<string?>("from");
        ChangeFeed.Subscriber? follower;
        if (from is null)
        {
            follower = await _feed.FollowAsync(null, cancellation).ConfigureAwait(false);
        }
        else if (isFinal)
        {
            throw new GraphQLException(new GraphQLError(
                "expected from together with the finality LATEST: what never changes is read by events(after:), " +
                "found FINALIZED",
                ErrorCodes.BadUserInput));
        }
        else
        {
            var position = await PositionAsync(from, cancellation).ConfigureAwait(false);
            while ((follower = await _feed.FollowAsync(position, cancellation).ConfigureAwait(false)) is null)
            {
                var step = await _feed.Reader.NextAsync(position, withEvents: true, cancellation).ConfigureAwait(false);
                foreach (var change in Changes(step))
                    if (wanted(change.Event)) yield return change;
                // This position is ahead of the feed, which will soon be here: wait instead of reading again and
                // again.
                if (step.After == position)
                    await Task.Delay(TimeSpan.FromMilliseconds(5), cancellation).ConfigureAwait(false);
                position = step.After;
            }
        }

        using var following = follower!;
        place.Follow();
        await foreach (var news in following.ReadAsync(cancellation).ConfigureAwait(false))
        {
            var changes = news.Shared("events", isFinal, () => isFinal
                ? news.Finalized.Select(one => new EventChange(Appended, one, one.Cursor.ToString(), true)).ToArray()
                : Changes(news.Step).ToArray());
            foreach (var change in changes)
                if (wanted(change.Event)) yield return change;
        }
    }

    private static IEnumerable<EventChange> Changes(FeedStep step)
    {
        var final = step.Final?.Number ?? -1;
        foreach (var one in step.Retracted)
            yield return new EventChange(Retracted, one, $"{one.Cursor}{TakenBack}", false);
        foreach (var one in step.Appended)
            yield return new EventChange(Appended, one, one.Cursor.ToString(), one.Block.Number <= final);
    }

    private async Task<FeedPosition> PositionAsync(string from, CancellationToken cancellation)
    {
        if (from == Beginning)
            return (await _feed.Reader.NowAsync(cancellation).ConfigureAwait(false)).After with { Sequence = 0 };
        var isTakenBack = from.EndsWith(TakenBack, StringComparison.Ordinal);
        var cursor = EventCursor.Parse(isTakenBack ? from[..^TakenBack.Length] : from);
        return await _feed.Reader.ResumeAsync(cursor, isTakenBack, cancellation).ConfigureAwait(false);
    }

    private static Func<StoredEvent, bool> Wanted(ResolverContext context)
    {
        var types = Texts(context, "types");
        var streams = Texts(context, "streams");
        if (types?.FirstOrDefault(type => !EventRecords.IsKnown(type)) is { } unknown)
            throw new GraphQLException(new GraphQLError(
                $"expected the name of an event type, as in task_created, found \"{unknown}\"",
                ErrorCodes.BadUserInput));
        return one => types?.Contains(one.Type) != false && streams?.Contains(one.Stream) != false;
    }

    private static HashSet<string>? Texts(ResolverContext context, string argument) =>
        context.ArgumentValue<IReadOnlyList<object?>?>(argument)?.Cast<string>().ToHashSet(StringComparer.Ordinal);

    private static bool IsFinal(ResolverContext context) =>
        context.ArgumentValue<string?>("finality") is "SAFE" or "FINALIZED";

    // The key of an id that may or may not begin with the type's prefix.
    private static string KeyOf(ReadModel model, string id) =>
        id.StartsWith($"{model.Fold.Name}-", StringComparison.Ordinal) ? id[(model.Fold.Name.Length + 1)..] : id;

    private sealed class Place(SubscriptionFields fields) : IDisposable
    {
        private int _follows;

        internal void Follow() => Interlocked.Add(ref fields._following, _follows = 1);

        public void Dispose()
        {
            Interlocked.Add(ref fields._following, -_follows);
            Interlocked.Decrement(ref fields._active);
        }
    }

    private const string ApiSchemaText =
        """
        "The kind of a change: something came, or a reorg took it back."
        enum ChangeKind { "It came." APPENDED "A reorg took it back." RETRACTED }
        "An event that came or was taken back."
        type EventChange {
          "Whether it came or was taken back."
          kind: ChangeKind!
          "The event."
          event: Event!
          "The cursor to resume with: the argument from continues right behind this change."
          cursor: String!
          "Whether its block is final: it never changes."
          isFinal: Boolean!
        }
        "A block that the index moved to, or left."
        type BlockChange {
          "Whether the index moved to it, or a reorg left it."
          kind: ChangeKind!
          "The block."
          block: Block!
          "Whether the block is final: it never changes."
          isFinal: Boolean!
        }
        "Changes as they happen, over WebSocket (graphql-transport-ws) or as an event stream (graphql-sse)."
        type Subscription {
          "Sends each event in the order of the chain. After a reorg it first sends the retracted events, newest first."
          eventAppended(
            "Only events of these types."
            types: [String!]
            "Only events of these streams."
            streams: [ID!]
            "Continues behind this cursor of an earlier event or change, so that nothing is missing; 0: the beginning."
            from: String
            "LATEST sends changes at once and retracts them after a reorg. FINALIZED sends final changes only."
            finality: Finality = LATEST
          ): EventChange!
          "Sends the newest block each time the index moves."
          blockIndexed(
            "LATEST sends changes at once and retracts them after a reorg. FINALIZED sends final changes only."
            finality: Finality = LATEST
          ): BlockChange!
        }

        """;
}
