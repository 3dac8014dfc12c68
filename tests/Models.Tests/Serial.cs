// torch's global generator belongs to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
