// What happened, by event.
using System.Globalization;
using Spectre.Console;

namespace EventSourced.World;

internal static class Summary
{
    public static void Print(World world, TimeSpan elapsed)
    {
        var table = new Table().Border(
            TableBorder.Simple).AddColumn("event").AddColumn(new TableColumn("count") { Alignment = Justify.Right });
        foreach (var (name, count) in world.Stage.Counts)
            table.AddRow(Markup.Escape(name), count.ToString("N0", CultureInfo.InvariantCulture));
        AnsiConsole.Write(table);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{world.Stage.Events:N0} events in {world.Stage.Block} blocks, {elapsed.TotalSeconds:0.0} s, {world.Stage.Events / elapsed.TotalSeconds:N0} events/s"));
    }
}
