// es host codegen: writes the code between Wolverine and the handlers anew. Enters: the folder that holds it in the
// sources. Leaves: its files, their names on standard output, and an exit code.
using System.CommandLine;

namespace EventSourced.Host.Messaging;

/// <summary>The command `codegen`, for developers that change a handler.</summary>
internal static class CodegenCommand
{
    internal static Command Create()
    {
        var folder = new Argument<string>(
            "FOLDER")
        { Description = "Where the files go: src/Host/Messaging/Generated." };
        var command = new Command(
            "codegen", "Writes the code between Wolverine and the handlers; the build compiles it.")
        {
            folder,
        };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            foreach (var name in await GeneratedCode.WriteAsync(parsed.GetValue(folder)!).ConfigureAwait(false))
                await Console.Out.WriteLineAsync(name).ConfigureAwait(false);
            return 0;
        });
        return command;
    }
}
