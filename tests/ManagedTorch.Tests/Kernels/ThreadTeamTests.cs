using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

public sealed unsafe class ThreadTeamTests
{
    [Theory]
    [InlineData(0, 1, 4)]
    [InlineData(1, 1, 4)]
    [InlineData(100, 16, 3)]
    [InlineData(1000, 1, 2)]
    [InlineData(100_003, 64, 5)]
    public void Every_index_is_visited_once(int length, int grain, int threads) =>
        WithThreads(
            threads,
            () =>
            {
                var visits = new int[length];
                var job = new Visit(visits);
                for (var round = 1; round <= 20; round++)
                {
                    ThreadTeam.For(length, grain, ref job);
                    Assert.All(visits, v => Assert.Equal(round, v));
                }
            }
        );

    [Fact]
    public void Pieces_may_be_more_than_threads() =>
        WithThreads(
            2,
            () =>
            {
                var visits = new int[7];
                var job = new Visit(visits);
                ThreadTeam.Each(7, ref job);
                Assert.All(visits, v => Assert.Equal(1, v));
            }
        );

    [Fact]
    public void Calls_in_quick_succession_run_every_piece_once() =>
        WithThreads(
            5,
            () =>
            {
                var visits = new int[41];
                var expected = new int[41];
                var job = new Visit(visits);
                for (var round = 0; round < 20_000; round++)
                {
                    var pieces = 2 + (round % 40);
                    ThreadTeam.Each(pieces, ref job);
                    for (var i = 0; i < pieces; i++)
                        expected[i]++;
                }

                Assert.Equal(expected, visits);
            }
        );

    [Fact]
    public void A_thread_that_is_late_holds_up_one_piece_only() =>
        WithThreads(
            2,
            () =>
            {
                // The first piece of the second thread's share waits for all others.
                var done = new int[1];
                var job = new Waiting(4, 7, done);
                ThreadTeam.Each(8, ref job);
                Assert.Equal(7, done[0]);
            }
        );

    [Fact]
    public void An_exception_reaches_the_caller_and_the_team_goes_on() =>
        WithThreads(
            3,
            () =>
            {
                var bad = new Throwing();
                Assert.Throws<InvalidOperationException>(() => ThreadTeam.For(1000, 16, ref bad));
                var visits = new int[1000];
                var job = new Visit(visits);
                ThreadTeam.For(1000, 16, ref job);
                Assert.All(visits, v => Assert.Equal(1, v));
            }
        );

    [Fact]
    public void Nested_and_competing_calls_are_served() =>
        WithThreads(
            2,
            () =>
            {
                var inner = new int[4 * 500];
                var outer = new Nested(inner);
                ThreadTeam.Each(4, ref outer);
                Assert.All(inner, v => Assert.Equal(1, v));
                var users = Enumerable
                    .Range(0, 3)
                    .Select(_ =>
                        Task.Run(() =>
                        {
                            var visits = new int[5000];
                            var job = new Visit(visits);
                            for (var i = 0; i < 200; i++)
                                ThreadTeam.For(5000, 16, ref job);
                            return visits.All(v => v == 200);
                        })
                    )
                    .ToArray();
                Task.WaitAll(users);
                Assert.All(users, u => Assert.True(u.Result));
            }
        );

    [Fact]
    public void A_call_allocates_nothing() =>
        WithThreads(
            2,
            () =>
            {
                var job = new Visit(new int[4000]);
                for (var i = 0; i < 100; i++)
                    ThreadTeam.For(4000, 16, ref job);
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 1000; i++)
                    ThreadTeam.For(4000, 16, ref job);
                Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
            }
        );

    private static void WithThreads(int threads, Action check)
    {
        var before = ThreadTeam.Count;
        ThreadTeam.Count = threads;
        try
        {
            check();
        }
        finally
        {
            ThreadTeam.Count = before;
        }
    }

    private readonly struct Visit(int[] visits) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var i = start; i < end; i++)
                Interlocked.Increment(ref visits[i]);
        }
    }

    private readonly struct Waiting(int late, int others, int[] done) : IRangeJob
    {
        public void Run(long start, long end)
        {
            var finished = done;
            var all = others;
            if (start != late)
            {
                Interlocked.Add(ref done[0], (int)(end - start));
            }
            else
            {
                Assert.True(
                    SpinWait.SpinUntil(() => Volatile.Read(ref finished[0]) == all, TimeSpan.FromMinutes(1)),
                    "the other pieces were not run"
                );
            }
        }
    }

    private readonly struct Throwing : IRangeJob
    {
        public void Run(long start, long end) => throw new InvalidOperationException("on purpose");
    }

    private readonly struct Nested(int[] visits) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var i = start; i < end; i++)
            {
                var job = new Shifted(visits, 500 * i);
                ThreadTeam.For(500, 16, ref job);
            }
        }
    }

    private readonly struct Shifted(int[] visits, long offset) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var i = start; i < end; i++)
                Interlocked.Increment(ref visits[offset + i]);
        }
    }
}
