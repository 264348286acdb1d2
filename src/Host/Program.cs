// The one executable: every role of the system is a command of it. Enters: a command line. Leaves: an exit code.
using System.CommandLine;
using EventSourced.Host;

var root = new RootCommand("EventSourced: the back end of an on-chain agent economy that nobody has to trust.");
root.Subcommands.Add(WasmCommands.Create());
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
