// What every bench prints: a table for people, then one JSON line for machines. Enters: targets with value and goal.
// Leaves: the table and, as the last line of standard output, {"bench":..,"commit":..,"targets":[..]}.
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace EventSourced.Reporting;

/// <summary>Which side of the goal is good.</summary>
public enum Better
{
    /// <summary>More is better.</summary>
    Higher,

    /// <summary>Less is better.</summary>
    Lower,
}

/// <summary>One figure that an issue names, with its goal.</summary>
public sealed record Target(string Name, double Value, string Unit, double Goal, Better Better)
{
    /// <summary>Whether the goal is reached.</summary>
    public bool Holds => Better == Better.Higher ? Value >= Goal : Value <= Goal;
}

/// <summary>Collects a bench's rows and targets and prints them.</summary>
public sealed class Report(string bench)
{
    private readonly Table _table = new Table().Border(TableBorder.Simple);
    private readonly List<Target> _targets = [];
    private int _columns;

    /// <summary>Names the columns of the table for people.</summary>
    public Report Columns(params string[] names)
    {
        foreach (var name in names)
            _table.AddColumn(
                new TableColumn(Markup.Escape(name)) { Alignment = _columns++ == 0 ? Justify.Left : Justify.Right });
        return this;
    }

    /// <summary>Adds one row of the table; short rows are filled.</summary>
    public void Row(params string[] cells) =>
        _table.AddRow(
            [.. cells.Concat(Enumerable.Repeat("", Math.Max(0, _columns - cells.Length))).Select(Markup.Escape)]);

    /// <summary>Adds one figure with its goal.</summary>
    public void Target(string name, double value, string unit, double goal, Better better) =>
        _targets.Add(new Target(name, value, unit, goal, better));

    /// <summary>
    /// Prints the table, the targets and the JSON line; answers 0, for a missed figure is said, not thrown.
    /// </summary>
    public int Print()
    {
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 140);
        if (_columns > 0) AnsiConsole.Write(_table);
        foreach (var target in _targets)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(target.Holds ? "holds " : "MISSED")}  {target.Name}: {target.Value:0.###} {target.Unit} (goal {(target.Better == Better.Higher ? ">=" : "<=")} {target.Goal:0.###})"));
        }

        Console.WriteLine(Json());
        return 0;
    }

    /// <summary>The middle value; of an even count the mean of the two middle ones.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The value below which the given share of values lies.</summary>
    public static double Percentile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0
            ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, Math.Floor(share * sorted.Length))];
    }

    private string Json()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("bench", bench);
            json.WriteString("commit", Commit());
            json.WriteStartArray("targets");
            foreach (var target in _targets)
            {
                json.WriteStartObject();
                json.WriteString("name", target.Name);
                if (double.IsFinite(target.Value)) json.WriteNumber("value", target.Value);
                else json.WriteNull("value");
                json.WriteString("unit", target.Unit);
                json.WriteNumber("goal", target.Goal);
                json.WriteString("better", target.Better == Better.Higher ? "higher" : "lower");
                json.WriteBoolean("holds", target.Holds);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static string Commit()
    {
        try
        {
            using var git = Process
                .Start(new ProcessStartInfo(
                    "git", "rev-parse --short HEAD")
                { RedirectStandardOutput = true, RedirectStandardError = true });
            var commit = git?.StandardOutput.ReadToEnd().Trim();
            return string.IsNullOrEmpty(commit) ? "unknown" : commit;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
