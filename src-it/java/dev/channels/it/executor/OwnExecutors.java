package dev.channels.it.executor;

import jakarta.enterprise.concurrent.ContextServiceDefinition;
import jakarta.enterprise.concurrent.ManagedExecutorDefinition;
import jakarta.enterprise.context.ApplicationScoped;

/** Defines an executor whose tasks have no context, and can be told from others by that. */
@ApplicationScoped
@ContextServiceDefinition(
        name = "java:app/concurrent/bare",
        cleared = {
            ContextServiceDefinition.APPLICATION,
            ContextServiceDefinition.SECURITY,
            ContextServiceDefinition.TRANSACTION
        })
@ManagedExecutorDefinition(name = "java:app/concurrent/own", context = "java:app/concurrent/bare")
public class OwnExecutors {}
