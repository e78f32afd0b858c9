using Xunit.Sdk;
using Xunit.v3;

// Whole servers and real peers: two at a time would only make each slower.
[assembly: Parallelization(Mode = ParallelMode.None)]
