// The value of a field without a resolver: the parent's member of that name. Dictionaries and JSON are asked by name;
// other objects by the property that is called so in C#, through a delegate that is made once.
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using EventSourced.GraphQL.TypeSystem;

namespace EventSourced.GraphQL.Execution;

internal static class DefaultResolver
{
    private const int MaxCachedMembers = 10_000;

    private static readonly ConcurrentDictionary<(Type, string), Func<object, object?>> Members = new();

    public static object? Resolve(object? parent, string name) => parent switch
    {
        null => null,
        IReadOnlyDictionary<string, object?> members => members.GetValueOrDefault(name),
        JsonElement { ValueKind: JsonValueKind.Object } json =>
            json.TryGetProperty(name, out var member) ? AnyScalar.FromJson(member) : null,
        _ => Member(parent.GetType(), name)(parent),
    };

    private static Func<object, object?> Member(Type type, string name)
    {
        if (Members.TryGetValue((type, name), out var known))
            return known;
        var made = Make(type, name);
        if (Members.Count < MaxCachedMembers)
            Members[(type, name)] = made;
        return made;
    }

    private static Func<object, object?> Make(Type type, string name)
    {
        var property = type.GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
        if (property is null)
            return _ => null;
        var parent = Expression.Parameter(typeof(object));
        var value = Expression.Property(Expression.Convert(parent, type), property);
        return Expression.Lambda<Func<object, object?>>(Expression.Convert(value, typeof(object)), parent).Compile();
    }
}
