// The way of a command, watched. Enters: an id. Leaves: its status at each change that is seen, until nothing can
// happen to it any more. Always holds: a stream of server-sent events is preferred; when it breaks, is refused or says
// nothing, the command is looked at; versions only rise; the whole wait is bounded.
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace EventSourced.Client;

internal sealed class Way(HttpClient http, Door door, ClientOptions options)
{
    private const int MostLine = 256 << 10;

    /// <summary>How a command is.</summary>
    public async Task<CommandStatus> StatusAsync(Guid id, CancellationToken cancellation)
    {
        var answer = await door.GetAsync($"v1/commands/{id}", cancellation).ConfigureAwait(false);
        return EconomyClient.Read(answer.Body, AnswerJson.Default.CommandStatus);
    }

    public async IAsyncEnumerable<CommandStatus> WatchAsync(
        Guid id, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.WaitWithin);
        // A slow reader needs the newest only.
        var seen = Channel.CreateBounded<CommandStatus>(
            new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        var watching = FillAsync(id, seen.Writer, limit.Token);
        try
        {
            while (await NextAsync(seen.Reader, id, cancellation, limit.Token).ConfigureAwait(false))
                while (seen.Reader.TryRead(out var status)) yield return status;
        }
        finally
        {
            await limit.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<bool> NextAsync(
        ChannelReader<CommandStatus> reader, Guid id, CancellationToken asked, CancellationToken limit)
    {
        try
        {
            return await reader.WaitToReadAsync(limit).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!asked.IsCancellationRequested)
        {
            throw new TimeoutException(
                $"expected command {id} to be over within the bound of the wait, found it on its way");
        }
    }

    private async Task FillAsync(Guid id, ChannelWriter<CommandStatus> writer, CancellationToken cancellation)
    {
        try
        {
            var version = -1;
            var isOver = false;
            while (!isOver)
            {
                if (options.Streams)
                    (version, isOver) = await StreamAsync(id, version, writer, cancellation).ConfigureAwait(false);
                if (isOver) break;
                var status = await StatusAsync(id, cancellation).ConfigureAwait(false);
                if (status.Version > version) writer.TryWrite(status);
                (version, isOver) = (Math.Max(version, status.Version ?? -1), status.IsOver);
                if (!isOver) await Task.Delay(options.PollEvery, cancellation).ConfigureAwait(false);
            }

            writer.TryComplete();
        }
#pragma warning disable CA1031 // Whatever it is, the reader gets it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            writer.TryComplete(fault);
        }
    }

    private async Task<(int Version, bool IsOver)> StreamAsync(
        Guid id, int version, ChannelWriter<CommandStatus> writer, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(options.StreamSilence);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/commands/{id}/events");
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
            if (version >= 0) request.Headers.Add("Last-Event-ID", $"{version}");
            using var response = await http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode
                || response.Content.Headers.ContentType?.MediaType != "text/event-stream") return (version, false);
            using var reader = new StreamReader(
                await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false));
            await foreach (var line in LinesAsync(reader, silence.Token).ConfigureAwait(false))
            {
                silence.CancelAfter(options.StreamSilence);
                if (!line.StartsWith("data:", StringComparison.Ordinal)) continue;
                var status = JsonSerializer.Deserialize(line.AsSpan(5), AnswerJson.Default.CommandStatus);
                if (status?.Version is not { } found || found <= version) continue;
                version = found;
                writer.TryWrite(status);
                if (status.IsOver) return (version, true);
            }
        }
        catch (Exception fault) when (
            fault is HttpRequestException or IOException or JsonException
            || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // The look at the command that follows tells the changes that the stream left out.
        }

        return (version, false);
    }

    // The framework's reader takes lines of any length; a host that never ends one would fill the memory.
    private static async IAsyncEnumerable<string> LinesAsync(
        StreamReader reader, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var line = new StringBuilder();
        var buffer = new char[4 << 10];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] != '\n')
                {
                    if (line.Length == MostLine)
                        throw new IOException($"expected lines of at most {MostLine} characters, found a longer one");
                    line.Append(buffer[i]);
                    continue;
                }

                yield return line.ToString();
                line.Clear();
            }
    }
}
