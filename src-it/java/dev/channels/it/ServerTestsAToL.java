package dev.channels.it;

import org.junit.platform.suite.api.IncludeClassNamePatterns;
import org.junit.platform.suite.api.SelectPackages;
import org.junit.platform.suite.api.Suite;

/** One half of the tests that need a server; one JVM runs each, at the same time. */
@Suite
@SelectPackages({"dev.channels.demo", "dev.channels.it"})
@IncludeClassNamePatterns(".*\\.[A-L]\\w*(?<!Broker)IT")
public class ServerTestsAToL {}
