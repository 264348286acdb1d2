// One word for one act: a command of the domain has the name of the function that carries it to the chain, in a
// contract whose events move the same thing. The functions come from contracts/artifacts, the contract of an event from
// the catalog.
using System.Reflection;
using System.Text.Json;
using EventSourced.Domain.Events;
using EventSourced.Domain.Folding;
using EventSourced.Domain.Work;

namespace EventSourced.Domain.Tests;

public class CommandNameTests
{
    // The standards name function and event alike, and the event's record has the word: see ERC-8004, Validation
    // Registry.
    private static readonly Dictionary<string, string> OtherWords = new()
    {
        ["Validations.Request"] = "validationRequest",
        ["Validations.Respond"] = "validationResponse",
    };

    // What moves by derived events alone, and the aggregate from which they follow.
    private static readonly Dictionary<Type, Type> Followed = new() { [typeof(GuildMembers)] = typeof(Guilds) };

    private static readonly Dictionary<string, string> ContractOf = ContractsByRecord();
    private static readonly Dictionary<string, HashSet<string>> Functions =
        ContractOf.Values.Distinct().ToDictionary(contract => contract, FunctionsOf);

    private static Type[] Commands => [.. typeof(Command).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Command)) && type.DeclaringType is not null)];

    [Fact]
    public void Every_command_is_a_function_of_its_contract()
    {
        Assert.True(Commands.Length > 90, $"expected more than 90 commands, found {Commands.Length}");
        Assert.Empty(Commands.Where(command => !FunctionsFor(command).Contains(WordOf(command))).Select(NameOf));
    }

    [Fact]
    public void A_command_has_another_word_only_where_the_event_has_its_own() => Assert.All(OtherWords, pair =>
    {
        var command = Commands.Single(command => NameOf(command) == pair.Key);
        Assert.DoesNotContain(CamelCase(command.Name), FunctionsFor(command));
        Assert.Contains(EventCatalog.Events, entry => CamelCase(entry.Record.Name) == pair.Value);
    });

    private static string NameOf(Type command) => $"{command.DeclaringType!.Name}.{command.Name}";

    private static string WordOf(Type command) =>
        OtherWords.GetValueOrDefault(NameOf(command), CamelCase(command.Name));

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static HashSet<string> FunctionsFor(Type command) =>
        [.. ContractsOf(command.DeclaringType!).SelectMany(contract => Functions[contract])];

    private static string[] ContractsOf(Type aggregate) =>
        [.. EventsOf(Followed.GetValueOrDefault(aggregate, aggregate))
            .Select(one => ContractOf.GetValueOrDefault(one.Name)).OfType<string>().Distinct()];

    private static IEnumerable<Type> EventsOf(Type aggregate) =>
        ((Fold)aggregate.GetProperty("Fold", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!)
            .Routes.Select(route => route.Event);

    private static Dictionary<string, string> ContractsByRecord()
    {
        using var catalog = JsonDocument.Parse(RepositoryFile.Read("docs/events/catalog.v1.json"));
        return catalog.RootElement.GetProperty("contracts").EnumerateArray()
            .SelectMany(contract => contract.GetProperty("events").EnumerateArray().Select(one => (
                Record: one.GetProperty("record").GetString()!, Contract: contract.GetProperty("name").GetString()!)))
            .ToDictionary(pair => pair.Record, pair => pair.Contract);
    }

    private static HashSet<string> FunctionsOf(string contract)
    {
        using var artifact = JsonDocument.Parse(RepositoryFile.Read($"contracts/artifacts/{contract}.json"));
        return [.. artifact.RootElement.GetProperty("abi").EnumerateArray()
            .Where(entry => entry.GetProperty("type").GetString() == "function")
            .Where(entry => entry.GetProperty("stateMutability").GetString() is "nonpayable" or "payable")
            .Select(entry => entry.GetProperty("name").GetString()!)];
    }
}
