import { Anchor, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';

export function NotFound() {
  return (
    <>
      <Title order={1} size="h2">
        There is no such page
      </Title>
      <Text mt="sm">
        The address may be mistyped, or the page has moved. Go to{' '}
        <Anchor component={Link} to="/integrations" underline="always">
          Integrations
        </Anchor>
        .
      </Text>
    </>
  );
}
