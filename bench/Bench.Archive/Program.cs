// ./es bench archive [TASKS] [STEPS] [SVG]: what archives give. One world grows in steps; one database keeps all of
// its history, a second one is archived and pruned after each step. At the end empty databases begin with the
// archive. Leaves: the sizes after each step (drawn into SVG where a file is named), the time of a fast sync.
using System.Globalization;
using EventSourced.BenchArchive;
using EventSourced.Reporting;

// A task comes with about thirty events: money, stake and reputation move with it, and other stories are told beside.
const int EventsPerTask = 33;
var tasks = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
var steps = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 6;
var report = new Report("archive").Columns("what", "events", "seconds", "MB", "MB of the pruned one");
var sizes = await Growing.RunAsync(report, tasks, (long)tasks * EventsPerTask, steps, CancellationToken.None);
if (args.Length > 2) await File.WriteAllTextAsync(args[2], Graph.Of(sizes));
return report.Print();
