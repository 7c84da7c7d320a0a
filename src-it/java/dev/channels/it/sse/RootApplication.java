package dev.channels.it.sse;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** Takes every path that nobody else has. */
@ApplicationPath("/")
public class RootApplication extends Application {}
