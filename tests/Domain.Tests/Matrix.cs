// What every event does to a thing in every place where it can stand, as a table to be reviewed. Enters: samples of
// states and of events. Leaves: where the thing stands then, that the event changes nothing, or that the pair is
// impossible. Always holds: no route of the fold is left out.
using System.Text;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;

namespace EventSourced.Domain.Tests;

/// <summary>Writes matrices of states and events.</summary>
internal static class Matrix
{
    /// <summary>The matrix of one fold.</summary>
    internal static string Of<TKey, TState>(
        Fold<TKey, TState> fold, At at, Func<TState, string> describe, TState?[] states, params ChainEvent[] events)
        where TKey : notnull, IEquatable<TKey>
        where TState : class
    {
        var missing = fold.Routes.Select(
            route => route.Event).Except(events.Select(happened => happened.GetType())).ToArray();
        Assert.True(missing.Length == 0,
            $"expected samples of every event of {fold.Name}, found none of {string.Join<Type>(", ", missing)}");
        var text = new StringBuilder($"{fold.Name}\n");
        foreach (var state in states)
        {
            text.Append($"  {(state is null ? "nothing yet" : describe(state))}\n");
            List<string> impossible = [];
            foreach (var happened in events)
            {
                if (fold.Evolve(state, happened, at) is not { } next) impossible.Add(Name(happened));
                else text.Append(
                    $"    {Name(happened)} -> {(ReferenceEquals(next, state) ? "nothing changes" : describe(next))}\n");
            }

            if (impossible.Count > 0) text.Append($"    impossible: {string.Join("; ", impossible)}\n");
        }

        return text.ToString();
    }

    /// <summary>An event by its name and its small numbers, which tell samples of one type apart.</summary>
    private static string Name(ChainEvent happened)
    {
        var numbers = happened.GetType().GetProperties()
            .Where(property => property.PropertyType == typeof(byte) || property.PropertyType == typeof(bool)
                || (property.PropertyType == typeof(ushort) && property.Name is "Round" or "Version"))
            .Select(property => $"{property.Name} {property.GetValue(happened)}");
        var told = string.Join(", ", numbers);
        return told.Length == 0 ? happened.GetType().Name : $"{happened.GetType().Name} ({told})";
    }
}
