// One lock of a folder for all processes, and the number of bytes that the folder holds, written in the lock's file.
// Enters: the wish to change. Leaves: the lock, held until disposed. Always holds: the operating system frees the lock
// of a process that dies; the number is never less than the truth, because it is written before a file comes and after
// a file went, and a process counts anew when it takes the lock for the first time.
using System.Globalization;
using System.Text;

namespace EventSourced.Content;

internal sealed class FolderLock(string path, TimeSpan within, Func<long> count) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _here = new(1, 1);
    private bool _isCounted;

    public async Task<Held> TakeAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(within);
        var isHere = false;
        try
        {
            await _here.WaitAsync(limit.Token).ConfigureAwait(false);
            isHere = true;
            var file = await OpenAsync(limit.Token).ConfigureAwait(false);
            var held = new Held(file, _here);
            isHere = false;
            try
            {
                if (!_isCounted || held.Read() is null) held.Used = count();
                _isCounted = true;
                return held;
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ContentRefusedException(
                ContentCodes.Locked, $"the store's lock within {within.TotalSeconds} s", "it held by others",
                "LOCK_SECONDS");
        }
        finally
        {
            if (isHere) _here.Release();
        }
    }

    public void Dispose() => _here.Dispose();

    private async Task<FileStream> OpenAsync(CancellationToken cancellation)
    {
        for (var pause = Pause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                // Other processes notice the lock by the file's exclusive share mode.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException taken) when (taken is not (DirectoryNotFoundException or PathTooLongException))
            {
                await Task.Delay(pause, cancellation).ConfigureAwait(false);
            }
        }
    }

    internal sealed class Held(FileStream file, SemaphoreSlim here) : IDisposable
    {
        private const int Digits = 20;

        /// <summary>The bytes of all blobs, or somewhat more.</summary>
        public long Used
        {
            get => Read() ?? 0;
            set => RandomAccess.Write(
                file.SafeFileHandle,
                Encoding.ASCII.GetBytes(Math.Max(0, value).ToString("D20", CultureInfo.InvariantCulture)), 0);
        }

        public long? Read()
        {
            Span<byte> text = stackalloc byte[Digits];
            return RandomAccess.Read(file.SafeFileHandle, text, 0) == Digits
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var used) ? used : null;
        }

        public void Dispose()
        {
            file.Dispose();
            here.Release();
        }
    }
}
