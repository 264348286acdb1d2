// What changed between two schemas, in the words of a client's developer. Enters: two documents of definitions. Leaves:
// every change, and whether a client that was right before may be wrong now.
using EventSourced.GraphQL.Language;

namespace EventSourced.Api.Tests;

internal sealed record SchemaChange(string Text, bool IsBreaking);

internal static class SchemaChanges
{
    public static IReadOnlyList<SchemaChange> Between(string before, string now)
    {
        var old = Types(before);
        var found = Types(now);
        var changes = new List<SchemaChange>();
        foreach (var (name, type) in old)
        {
            if (!found.TryGetValue(name, out var next) || next.GetType() != type.GetType())
                changes.Add(new SchemaChange($"{name} was removed", true));
            else
                Compare(type, next, changes);
        }

        changes.AddRange(found.Keys.Except(old.Keys).Select(name => new SchemaChange($"{name} is new", false)));
        return changes;
    }

    private static void Compare(TypeDefinitionNode old, TypeDefinitionNode found, List<SchemaChange> changes)
    {
        switch (old, found)
        {
            case (ComplexTypeDefinitionNode left, ComplexTypeDefinitionNode right):
                foreach (var lost in left.Interfaces.Select(
                    one => one.Name).Except(right.Interfaces.Select(one => one.Name)))
                    changes.Add(new SchemaChange($"{old.Name} no longer implements {lost}", true));
                Members(old.Name, left.Fields, right.Fields, field => field.Name, changes, (field, next) =>
                {
                    Retype($"{old.Name}.{field.Name}", field.Type, next.Type, isInput: false, changes);
                    Arguments(
                        $"{old.Name}.{field.Name}", field.Arguments, next.Arguments, changes, name => $"({name}:)");
                });
                break;
            case (InputObjectTypeDefinitionNode left, InputObjectTypeDefinitionNode right):
                Arguments(old.Name, left.Fields, right.Fields, changes, name => $".{name}");
                break;
            case (EnumTypeDefinitionNode left, EnumTypeDefinitionNode right):
                Members(old.Name, left.Values, right.Values, value => value.Name, changes, static (_, _) => { });
                break;
            case (UnionTypeDefinitionNode left, UnionTypeDefinitionNode right):
                Members(old.Name, left.Types, right.Types, type => type.Name, changes, static (_, _) => { });
                break;
        }
    }

    private static void Arguments(
        string owner, IEnumerable<InputValueDefinitionNode> old, IEnumerable<InputValueDefinitionNode> found,
        List<SchemaChange> changes, Func<string, string> place)
    {
        var next = found.ToDictionary(argument => argument.Name);
        foreach (var argument in old)
        {
            if (!next.Remove(argument.Name, out var same)) changes.Add(
                new SchemaChange($"{owner}{place(argument.Name)} was removed", true));
            else Retype($"{owner}{place(argument.Name)}", argument.Type, same.Type, isInput: true, changes);
        }

        foreach (var added in next.Values)
        {
            var isRequired = added.Type is NonNullTypeNode && added.DefaultValue is null;
            changes.Add(new SchemaChange(
                $"{owner}{place(added.Name)} is {(isRequired ? "required and new" : "new")}", isRequired));
        }
    }

    // What is read may promise more than before, what is sent may ask for less.
    private static void Retype(string what, TypeNode old, TypeNode found, bool isInput, List<SchemaChange> changes)
    {
        if (old.ToString() == found.ToString()) return;
        var (strict, loose) = isInput ? (old, found) : (found, old);
        var isSafe = strict is NonNullTypeNode promised && promised.Type.ToString() == loose.ToString();
        changes.Add(new SchemaChange($"{what} became {found}, it was {old}", !isSafe));
    }

    private static void Members<T>(
        string owner, IEnumerable<T> old, IEnumerable<T> found, Func<T, string> nameOf, List<SchemaChange> changes,
        Action<T, T> compare)
    {
        var next = found.ToDictionary(nameOf);
        foreach (var member in old)
        {
            if (next.Remove(nameOf(member), out var same)) compare(member, same);
            else changes.Add(new SchemaChange($"{owner}.{nameOf(member)} was removed", true));
        }

        changes.AddRange(next.Keys.Select(name => new SchemaChange($"{owner}.{name} is new", false)));
    }

    private static SortedDictionary<string, TypeDefinitionNode> Types(string text) => new(
        text.Length == 0
            ? []
            : Parser.Parse(text).Definitions.OfType<TypeDefinitionNode>().ToDictionary(type => type.Name),
        StringComparer.Ordinal);
}
