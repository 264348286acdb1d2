// The thing that a command acts on. Enters: a wish. Leaves: the row of the thing, and what the domain decides about the
// command. Always holds: what decides is the Decide function of the thing's own aggregate; nothing is decided here.
using EventSourced.Domain.Folding;
using EventSourced.Domain.Values;

namespace EventSourced.Api.Commands.Catalog;

/// <summary>The thing that a command acts on, and the state that decides about it.</summary>
internal abstract class Subject(string kind, string argument)
{
    /// <summary>The kind, as ids of things begin: <c>task</c>.</summary>
    public string Kind => kind;

    /// <summary>The argument that names the thing; empty where the command makes one.</summary>
    public string Argument => argument;

    /// <summary>The row of the thing; null: there is none.</summary>
    public abstract ValueTask<object?> LoadAsync(Wish wish);

    /// <summary>The domain's decision.</summary>
    public abstract ValueTask<Decision> DecideAsync(object? row, Command command, Wish wish);
}

/// <summary>A subject by the types of its rows.</summary>
internal sealed class Subject<TKey, TState>(
    Fold<TKey, TState> fold, string argument, Func<Wish, TKey> keyOf,
    Func<TState?, Command, Wish, ValueTask<Decision>> decide)
    : Subject(fold.Name, argument)
    where TKey : notnull, IEquatable<TKey>, IComparable<TKey>
    where TState : class
{
    public Subject(Fold<TKey, TState> fold, string argument, Func<Wish, TKey> keyOf,
        Func<TState?, Command, Instant, Decision> decide)
        : this(fold, argument, keyOf, (row, command, wish) => new ValueTask<Decision>(decide(row, command, wish.Now)))
    {
    }

    public Subject(
        Fold<TKey, TState> fold, string argument, Func<Wish, TKey> keyOf, Func<TState?, Command, Decision> decide)
        : this(fold, argument, keyOf, (row, command, _) => new ValueTask<Decision>(decide(row, command)))
    {
    }

    public override async ValueTask<object?> LoadAsync(Wish wish) =>
        await wish.Rows.FindAsync(fold, keyOf(wish)).ConfigureAwait(false);

    public override ValueTask<Decision> DecideAsync(object? row, Command command, Wish wish) =>
        decide((TState?)row, command, wish);
}
