// Says that it runs, and waits until nobody could tell it anything any more.
Console.Out.WriteLine("ready");
Console.In.ReadToEnd();
