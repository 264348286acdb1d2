// The agent or client that acts from a terminal. Enters: a key file, its password (from a file or typed), the address
// of a host. Leaves: a client, and the outcome of each command, in live lines on a terminal and in plain lines
// elsewhere. Always holds: the key stays in this process and is in no message; exit codes are 0 done, 1 refused or
// failed, 2 wrong usage.
using System.CommandLine;
using System.Security.Cryptography;
using EventSourced.Chain.Signing;
using EventSourced.Client;
using EventSourced.Ethereum;
using EventSourced.Ethereum.Rpc;
using EventSourced.Host.Serving;
using Spectre.Console;
using Command = System.CommandLine.Command;

namespace EventSourced.Host.Acting;

/// <summary>The options of every act, and the run of an act.</summary>
internal sealed class Actor
{
    private const int Refused = 1;
    private const int MostPassword = 4096;
    private const string UsualHost = "http://127.0.0.1:18080";

    private readonly Option<string> _at = new("--at")
    {
        Description = "The host's address; else ES_HOST, else the one that ./es up starts.",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ES_HOST") ?? UsualHost,
    };

    private readonly Option<string?> _key = new(
        "--key")
    { Description = "The key file (Web3 Secret Storage); else ES_KEY." };

    private readonly Option<string?> _password = new("--password-file")
    {
        Description =
            "The file whose first line is the key file's password; else ES_KEY_PASSWORD_FILE; else you are asked.",
    };

    private readonly Option<string?> _deployment = new("--deployment")
    {
        Description = "The deployment.json whose contracts alone are signed for; else those that the host names first.",
    };

    private readonly Option<bool> _final = new("--final")
    {
        Description = "Waits until the chain will not take it back; else until a block holds it.",
    };

    private Actor(Command command)
    {
        foreach (var option in new Option[] { _at, _key, _password, _deployment, _final }) command.Options.Add(option);
    }

    /// <summary>Gives a command its options and its act.</summary>
    public static Command Make(
        string name, string description, IEnumerable<Option> options,
        Func<ParseResult, Acted, CancellationToken, Task> act)
    {
        var command = new Command(name, description);
        foreach (var option in options) command.Options.Add(option);
        var actor = new Actor(command);
        command.SetAction((parsed, cancellation) => actor.RunAsync(parsed, act, cancellation));
        return command;
    }

    private async Task<int> RunAsync(
        ParseResult parsed, Func<ParseResult, Acted, CancellationToken, Task> act, CancellationToken cancellation)
    {
        var name = parsed.CommandResult.Command.Name;
        try
        {
            using var key = await KeyAsync(parsed, cancellation).ConfigureAwait(false);
            var at = new Uri($"{parsed.GetValue(_at)!.TrimEnd('/')}/");
            using var http = new HttpClient { BaseAddress = at, Timeout = Timeout.InfiniteTimeSpan };
            var options = new ClientOptions
            {
                Economy = parsed.GetValue(_deployment) is { } path ? Client.Economy.Load(path) : null,
            };
            // A host on this machine may serve a development chain, whose time leaps.
            if (at.IsLoopback) options = options with { LongestLife = null };
            using var client = new EconomyClient(http, Signer.Of(key), options);
            var stage = parsed.GetValue(_final) ? Stage.Finalized : Stage.Included;
            await act(parsed, new Acted(client, stage, AnsiConsole.Console), cancellation).ConfigureAwait(false);
            return 0;
        }
        catch (Exception fault) when (fault is CommandRefusedException or CommandFailedException
            or UnansweredException or UntrustedAnswerException or QueryRefusedException or TimeoutException
            or RpcException)
        {
            await Console.Error.WriteLineAsync($"es {name}: {fault.Message}").ConfigureAwait(false);
            // A command that was signed but got no answer is shown: a person can submit the same text again.
            if (fault is UnansweredException { Signed: { } signed })
                await Console.Error.WriteLineAsync($"es {name}: handed in without an answer: {signed}")
                    .ConfigureAwait(false);
            return Refused;
        }
        catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException
            or CryptographicException or ArgumentException)
        {
            return await ServeCommand.RefuseAsync(name, [fault.Message]).ConfigureAwait(false);
        }
    }

    private async Task<SigningKey> KeyAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var path = parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable("ES_KEY")
            ?? throw new FormatException("key: expected the path of a key file, found nothing; where: flag --key, environment variable ES_KEY; es agent key makes one");
        if (new FileInfo(path).Length > KeyFile.MaxLength)
            throw new FormatException($"{path}: expected a key file of at most {KeyFile.MaxLength} bytes, found more");
        var json = await File.ReadAllTextAsync(path, cancellation).ConfigureAwait(false);
        var password = await PasswordAsync(parsed.GetValue(_password), cancellation).ConfigureAwait(false);
        return KeyFile.Decrypt(json, password);
    }

    /// <summary>The password, from a file or typed by a person.</summary>
    internal static async Task<string> PasswordAsync(string? path, CancellationToken cancellation)
    {
        path ??= Environment.GetEnvironmentVariable("ES_KEY_PASSWORD_FILE");
        if (path is null)
            return Console.IsInputRedirected
                ? throw new FormatException("password: expected a file of the password, found nothing and nobody to ask; where: flag --password-file")
                : await new TextPrompt<string>("Password of the key file:").Secret()
                    .ShowAsync(AnsiConsole.Console, cancellation).ConfigureAwait(false);
        if (new FileInfo(path).Length > MostPassword)
            throw new FormatException($"{path}: expected a password of at most {MostPassword} bytes, found more");
        return (await File.ReadAllLinesAsync(path, cancellation).ConfigureAwait(false)).FirstOrDefault() ?? "";
    }
}
