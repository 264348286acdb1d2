// Threads for guests. Enters: work. Leaves: its answer or its exception. Always holds: guests run on stacks larger than
// the engine's part of them, so that a guest can never overflow the process's own; threads are reused, and their number
// is bounded.
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace EventSourced.Sandbox.Engines;

internal sealed class GuestThreads : IDisposable
{
    private const int StackBytes = SandboxEngine.GuestStackBytes + (2 << 20);
    private const int Spins = 50;

    [ThreadStatic]
    private static bool _roomy;

    private readonly int _most = Math.Max(4, 2 * Environment.ProcessorCount);
    private readonly BlockingCollection<Work> _queue = [];
    private int _threads;
    private int _idle;

    public T Run<T>(Func<T> work)
    {
        if (_roomy)
            return work();
        T answer = default!;
        using var item = new Work(() => answer = work());
        _queue.Add(item);
        if (Volatile.Read(ref _idle) == 0)
            AddThread();
        item.Wait();
        return answer;
    }

    public void Dispose() => _queue.CompleteAdding();

    private void AddThread()
    {
        if (Interlocked.Increment(ref _threads) > _most)
        {
            Interlocked.Decrement(ref _threads);
            return;
        }

        new Thread(Serve, StackBytes) { IsBackground = true, Name = "guest" }.Start();
    }

    private void Serve()
    {
        _roomy = true;
        while (true)
        {
            Interlocked.Increment(ref _idle);
            var more = _queue.TryTake(out var item, Timeout.Infinite);
            Interlocked.Decrement(ref _idle);
            if (!more)
                return;
            item!.Run();
        }
    }

    private sealed class Work(Action action) : IDisposable
    {
        private readonly ManualResetEventSlim _done = new(false, Spins);
        private ExceptionDispatchInfo? _failure;

        public void Run()
        {
            try
            {
                action();
            }
#pragma warning disable CA1031 // Every exception goes to the thread that waits.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                _failure = ExceptionDispatchInfo.Capture(failure);
            }

            _done.Set();
        }

        public void Wait()
        {
            _done.Wait();
            _failure?.Throw();
        }

        public void Dispose() => _done.Dispose();
    }
}
