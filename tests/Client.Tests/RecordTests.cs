// The records of the client are the table of commands.
using System.Reflection;
using EventSourced.Api.Commands.Http;
using EventSourced.World;

namespace EventSourced.Client.Tests;

public class RecordTests
{
    [Fact]
    public async Task The_records_are_those_that_the_table_of_commands_writes() => Assert.True(
        await File.ReadAllTextAsync(Path.Combine(WorldChain.Root, ClientCode.File)) == ClientCode.Text(),
        $"{ClientCode.File} is not what the table says: ./es host client writes it");

    [Fact]
    public void Every_command_has_one_record_whose_arguments_are_its_functions()
    {
        var records = typeof(Commands).GetNestedTypes().SelectMany(group => group.GetNestedTypes())
            .Where(type => type.IsSubclassOf(typeof(Command))).ToList();
        Assert.True(records.Count > 100, $"expected the commands of the whole economy, found {records.Count}");
        Assert.Equal(CommandForms.All.Count, records.Count);
        foreach (var record in records)
        {
            var constructor = record.GetConstructors(BindingFlags.Public | BindingFlags.Instance).Single();
            var name = $"{char.ToLowerInvariant(record.DeclaringType!.Name[0])}{record.DeclaringType.Name[1..]}"
                + $".{char.ToLowerInvariant(record.Name[0])}{record.Name[1..]}";
            var form = CommandForm.Of(name);
            Assert.Equal(form.Function.Inputs.Count, constructor.GetParameters().Length);
        }
    }
}
