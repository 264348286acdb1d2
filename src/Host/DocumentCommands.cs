// es host limits, openapi, client: the documents that are written from the code. Enters: a file. Leaves: the file, and
// an exit code.
using System.CommandLine;
using EventSourced.Api.Commands.Http;
using EventSourced.Api.Commands.Limits;

namespace EventSourced.Host;

/// <summary>The commands that write documents, for developers that change the commands.</summary>
public static class DocumentCommands
{
    /// <summary>The commands.</summary>
    internal static IEnumerable<Command> All() =>
    [
        Make("limits", "Writes the page of the limits.", LimitPage.File, () => Task.FromResult(LimitPage.Text())),
        Make(
            "openapi", "Writes the OpenAPI document of the commands.", CommandDocument.File, CommandDocument.TextAsync),
        Make("client", "Writes the commands of the client.", ClientCode.File, () => Task.FromResult(ClientCode.Text())),
    ];

    private static Command Make(string name, string description, string usual, Func<Task<string>> write)
    {
        var file = new Argument<string>("FILE") { Description = $"Where it goes: {usual}." };
        var command = new Command(name, description) { file };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellation) =>
        {
            var path = Path.GetFullPath(parsed.GetValue(file)!);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, await write().ConfigureAwait(false), cancellation).ConfigureAwait(false);
            return 0;
        });
        return command;
    }
}
