"""Mutation testing: the code is made wrong in one place at a time; does a test notice?"""
