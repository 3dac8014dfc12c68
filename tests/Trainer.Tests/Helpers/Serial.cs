// torch's global generator and number of threads, and Console, belong to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
