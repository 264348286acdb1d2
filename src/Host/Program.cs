// The one executable: every role of the system is a command of it. Enters: a command line. Leaves: an exit code.
using System.CommandLine;
using EventSourced.Host;
using EventSourced.Host.Acting;
using EventSourced.Host.Archiving;
using EventSourced.Host.Attesting;
using EventSourced.Host.Auditing;
using EventSourced.Host.Contents;
using EventSourced.Host.Hosting;
using EventSourced.Host.Keeping;
using EventSourced.Host.Messaging;
using EventSourced.Host.Replaying;
using EventSourced.Host.Serving;

// The time that a command has to stop after Ctrl-C or SIGTERM. After it the process ends anyway.
var stopping = TimeSpan.FromSeconds(10);
var root = new RootCommand("EventSourced: the back end of an on-chain agent economy that nobody has to trust.");
root.Subcommands.Add(ServeCommand.Create());
root.Subcommands.Add(KeepCommand.Create());
root.Subcommands.Add(DeadCommand.Create());
root.Subcommands.Add(ReplayCommand.Create());
root.Subcommands.Add(AuditCommand.Create());
root.Subcommands.Add(LogCommand.Create());
root.Subcommands.Add(ArchiveCommand.Create());
root.Subcommands.Add(PruneCommand.Create());
root.Subcommands.Add(WitnessCommand.Create());
root.Subcommands.Add(WasmCommands.Create());
root.Subcommands.Add(ExecutionCommands.Create());
root.Subcommands.Add(JobCommands.Create());
root.Subcommands.Add(CodegenCommand.Create());
root.Subcommands.Add(AgentCommands.Create());
root.Subcommands.Add(TaskCommands.Create());
root.Subcommands.Add(ContentCommands.Create());
foreach (var document in DocumentCommands.All()) root.Subcommands.Add(document);
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = stopping }).ConfigureAwait(false);
return parsed.Errors.Count > 0 ? ServeCommand.WrongSettings : code;
