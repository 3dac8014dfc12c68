// torch's global generator, the width of vectors and the number of threads belong to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
